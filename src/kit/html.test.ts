import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeHtml, htmlToText, stripZeroWidth } from './html.ts';

const read = (html: string) => htmlToText(html).text?.text;

/** Each mark as its type and the words it covers: wrong offsets show as wrong words. */
function marked(html: string): string[] {
  const part = htmlToText(html).text;
  return (part?.marks ?? []).map(mark => {
    const words = part?.text.slice(mark.start, mark.end);
    return mark.url === undefined ? `${mark.type}: ${words}` : `${mark.type}: ${words} → ${mark.url}`;
  });
}

describe('line breaks', () => {
  it.each([
    ['<p>One</p><p>Two<br>Three</p>', 'One\nTwo\nThree'],
    ['<h1>Title</h1><div>Text</div>', 'Title\nText'],
    ['<p>One</p>\n  <p>Two</p>\n', 'One\nTwo'],
    ['<p>One</p><p></p><p>Two</p>', 'One\n\nTwo'],
    ['<p>One</p><p><br></p><p>Two</p>', 'One\n\nTwo'],
    ['<p>One</p><p>&nbsp;</p><p>&nbsp;</p><p>&nbsp;</p><p>Two</p>', 'One\n\nTwo'],
    ['<p>One<br><br><br><br>Two</p>', 'One\n\nTwo'],
    ['<br><p><br></p><p>One</p><p></p><br>', 'One'],
    ['<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>', 'a b\nc'],
  ])('%s', (html, text) => {
    expect(read(html)).toBe(text);
  });
});

describe('white space', () => {
  it('is one space within a line and none at its edges', () => {
    expect(read('<p>  a \n <b> b </b>\t c  </p>')).toBe('a b c');
  });

  it('stays as it is in preformatted text', () => {
    expect(read('<p>Run</p><pre>if x:\n    go()\n</pre><p>now</p>')).toBe('Run\nif x:\n    go()\nnow');
  });
});

describe('lists', () => {
  it.each([
    ['<p>Bring</p><ul><li>bread</li><li>milk</li></ul><p>please</p>', 'Bring\n- bread\n- milk\nplease'],
    ['<ol><li><p>one</p></li><li><p>two</p></li></ol>', '1. one\n2. two'],
    ['<ol start="4"><li>four</li><li>five</li></ol>', '4. four\n5. five'],
    ['<ul><li>a<ol><li>b</li><li>c</li></ol></li><li>d</li></ul>', '- a\n  1. b\n  2. c\n- d'],
    ['<ul><li></li><li>b</li></ul>', '- b'],
  ])('%s', (html, text) => {
    expect(read(html)).toBe(text);
  });
});

describe('formatting', () => {
  it('becomes marks over exactly the words meant, also behind emoji', () => {
    expect(
      marked('<p>👋🏽 <b>bold </b><i>italic</i> <s>struck</s> <u>under</u> <code>code</code></p><pre>a\nb</pre>'),
    ).toEqual(['bold: bold', 'italic: italic', 'strike: struck', 'underline: under', 'code: code', 'pre: a\nb']);
  });

  it('nests, and does not double', () => {
    expect(marked('<b>a <strong>b</strong> <i>c</i></b>')).toEqual(['bold: a b c', 'italic: c']);
  });

  it('keeps a quotation together with its bullets and without the line break behind it', () => {
    expect(marked('<blockquote><ul><li>a</li></ul><p>b</p></blockquote><p>c</p>')).toEqual(['quote: - a\nb']);
  });

  it('keeps where links lead, entities in the address decoded', () => {
    expect(marked('<a href="https://example.com/?a=1&amp;b=2">there</a>')).toEqual([
      'link: there → https://example.com/?a=1&b=2',
    ]);
  });

  it('does not make a link of an address that would run something', () => {
    expect(marked('<a href="javascript:alert(1)">press</a>')).toEqual([]);
  });
});

it('decodes entities once', () => {
  expect(read('<p>a &lt;b&gt; &amp;amp; &euro; &#x1F600;</p>')).toBe('a <b> &amp; € 😀');
});

it('takes images out of the text', () => {
  expect(htmlToText('<p>See</p><img src="https://example.com/a.png?x=1&amp;y=2" alt="A"><img>')).toEqual({
    text: { kind: 'text', text: 'See' },
    images: [{ src: 'https://example.com/a.png?x=1&y=2', alt: 'A' }],
  });
});

it('shows an embedded video by its address', () => {
  expect(read('<p>Watch</p><iframe src="https://video.example/1"></iframe>')).toBe('Watch\nhttps://video.example/1');
});

it.each([
  '',
  '<p></p>',
  '<p><br></p>',
  ' \n ',
  '<p>&nbsp;</p>',
  '<p>\u200b</p>',
  '<img src="x">',
  '<style>p{}</style>',
])('finds nothing to read in %j', html => {
  expect(htmlToText(html).text).toBeUndefined();
});

it('leaves out scripts and styles', () => {
  expect(read('<style>p { color: red }</style><p>a</p><script>alert("b")</script>')).toBe('a');
});

describe('invisible characters', () => {
  it('go from words', () => {
    expect(stripZeroWidth('a\u200bb\u2060c\ufeffd\u200de\u200cf')).toBe('abcdef');
  });

  it('stay where they shape what is seen, also when written as entities', () => {
    expect(stripZeroWidth('👨‍👩‍👧 🏳️‍🌈 👩🏽‍🚀 می‌خواهم क्‍ष')).toBe('👨‍👩‍👧 🏳️‍🌈 👩🏽‍🚀 می‌خواهم क्‍ष');
    expect(read('<p>👩&zwj;🚀</p>')).toBe('👩‍🚀');
  });
});

it('escapes what HTML would take for markup', () => {
  expect(escapeHtml(`<a href="x">Tom & 'Jerry'</a>`)).toBe(
    '&lt;a href=&quot;x&quot;&gt;Tom &amp; &#39;Jerry&#39;&lt;/a&gt;',
  );
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-ascii' }), text => {
      expect(read(`<pre>${escapeHtml(text)}</pre>`) ?? '').toBe(text.trim() === '' ? '' : text.trimEnd());
    }),
  );
});

describe('any input', () => {
  const tags = 'p div br b i a pre ul ol li blockquote code img td table script h1'.split(' ');
  const pieces = fc.oneof(
    fc.constantFrom(...tags.flatMap(tag => [`<${tag}>`, `</${tag}>`, `<${tag} href="https://e.example">`, `<${tag}`])),
    fc.constantFrom('\n', '\n\n\n', ' ', '\u00a0', '&nbsp;', '&lt;', '&', '<', '>', '😀', '\u200d', '\ud83d', '"'),
    fc.string({ unit: 'binary' }),
  );

  it('gives text with marks in bounds that nest, and never two blank lines', () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), list => {
        const part = htmlToText(list.join('')).text;
        if (part === undefined) return;
        expect(part.text.trim()).not.toBe('');
        expect(part.text.trimEnd()).toBe(part.text);
        expect(part.text).not.toContain('\n\n\n');
        for (const mark of part.marks ?? []) {
          expect(mark.start).toBeGreaterThanOrEqual(0);
          expect(mark.start).toBeLessThan(mark.end);
          expect(mark.end).toBeLessThanOrEqual(part.text.length);
          const crossing = part.marks?.some(
            other => other.start < mark.start && mark.start < other.end && other.end < mark.end,
          );
          expect(crossing).toBe(false);
        }
      }),
      { numRuns: 500 },
    );
  });
});
