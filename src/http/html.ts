import { createHash } from 'node:crypto';

const style = `
:root { color-scheme: light dark; --paper: #fbfaf8; --ink: #1d2330; --soft: #5b6475; --line: #e3e0da; --card: #fff; --accent: #0b6e6e; --good: #1a7f4b; --bad: #b3261e }
@media (prefers-color-scheme: dark) { :root { --paper: #14171d; --ink: #e8eaee; --soft: #9aa3b2; --line: #2b303a; --card: #1b1f27; --accent: #5cc4c0; --good: #5fcf95; --bad: #ff8a80 } }
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, sans-serif }
main { max-width: 46rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem }
header { display: flex; flex-wrap: wrap; align-items: center; gap: .75rem; margin-bottom: .5rem }
header svg { width: 2.5rem; height: 2.5rem; color: var(--accent) }
h1 { font-size: 1.6rem; margin: 0; letter-spacing: -.01em }
h2 { font-size: 1.05rem; margin: 0 0 .35rem }
p { margin: .35rem 0 .75rem; color: var(--soft) }
a { color: var(--accent) }
.pill { margin-left: auto; padding: .15rem .7rem; border: 1px solid var(--line); border-radius: 99px; font-size: .85rem; color: var(--good) }
.pill::before { content: ""; display: inline-block; width: .5rem; height: .5rem; margin-right: .45rem; border-radius: 50%; background: currentColor }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 1.1rem 1.25rem; margin-top: 1rem }
.card > p:last-child { margin-bottom: 0 }
.card.good { border-left: 4px solid var(--good) }
.card.bad { border-left: 4px solid var(--bad) }
pre { margin: 0; padding: .85rem 1rem; overflow-x: auto; border-radius: 8px; background: var(--paper); border: 1px solid var(--line); font: 13px/1.5 ui-monospace, monospace }
code { font: .92em ui-monospace, monospace }
nav { display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; margin-top: 1.75rem }
dl { margin: 0 } dt { font-weight: 600; margin-top: .9rem; overflow-wrap: anywhere } dd { margin: 0; color: var(--soft) }
:target { outline: 2px solid var(--accent); outline-offset: 6px; border-radius: 4px }
`;

/** Pages hold no script and one style, which is let in by its hash. */
export const pageSecurity = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      imgSrc: ["'self'"],
      styleSrc: [`'sha256-${createHash('sha256').update(style).digest('base64')}'`],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
};

/** A whole page around `body`, which is HTML. */
export function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body><main>${body}</main></body>
</html>
`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, character => entities[character] ?? character);
}
