import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fileName, kindOfMime, sniff } from './media.ts';

const zeros = Buffer.alloc(64);
const webp = Buffer.concat([Buffer.from('RIFF\x24\0\0\0WEBPVP8 '), zeros]);
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);
const oldOffice = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)]);
const zip = Buffer.concat([Buffer.from('PK\x03\x04'), zeros]);
const gzip = Buffer.concat([Buffer.from([0x1f, 0x8b, 8]), zeros]);
const isoMedia = (brand: string) =>
  Buffer.concat([
    Buffer.from([0, 0, 0, 24]),
    Buffer.from(`ftyp${brand}`),
    Buffer.alloc(4),
    Buffer.from('mp42isom'),
    zeros,
  ]);
const ogg = (codec: string) =>
  Buffer.concat([
    Buffer.from('OggS'),
    Buffer.from([0, 2]),
    Buffer.alloc(20),
    Buffer.from([1, 19]),
    Buffer.from(codec),
    zeros,
  ]);
const webm = Buffer.concat([
  Buffer.from('1a45dfa39f4286810142f7810142f2810442f381084282847765626d42878104', 'hex'),
  zeros,
]);
const text = (words: string) => Buffer.from(words);

describe('sniff', () => {
  test.each<[string, Uint8Array, string | undefined, string]>([
    ['a WebP sticker announced as JPEG', webp, 'image/jpeg', 'image/webp'],
    ['a PNG that is announced as nothing', png, undefined, 'image/png'],
    ['HEIC', isoMedia('heic'), 'image/jpeg', 'image/heic'],
    ['a voice note in Opus', ogg('OpusHead'), 'audio/ogg; codecs=opus', 'audio/ogg'],
    ['an Ogg stream of an unknown codec', ogg('whatever'), 'audio/ogg', 'audio/ogg'],
    ['a recording in an MP4 container', isoMedia('mp42'), 'audio/mp4', 'audio/mp4'],
    ['a film in an MP4 container', isoMedia('mp42'), 'video/mp4', 'video/mp4'],
    ['a film announced as a document', isoMedia('isom'), 'application/pdf', 'video/mp4'],
    ['a recording in WebM', webm, 'audio/webm;codecs=opus', 'audio/webm'],
    ['an old Word file', oldOffice, 'application/msword', 'application/msword'],
    ['an old Excel file', oldOffice, 'application/vnd.ms-excel', 'application/vnd.ms-excel'],
    ['an old Office file announced as a picture', oldOffice, 'image/png', 'application/x-cfb'],
    ['a ZIP archive with an Office type', zip, 'application/vnd.ms-excel', 'application/vnd.ms-excel'],
    ['a ZIP archive announced as a picture', zip, 'image/png', 'application/zip'],
    ['an animated sticker', gzip, 'application/x-tgsticker', 'application/x-tgsticker'],
    ['CSV', text('a,b\n1,2'), 'text/csv; charset=utf-8', 'text/csv'],
    ['JSON', text('{}'), 'Application/JSON', 'application/json'],
    ['text announced as a picture', text('hello'), 'image/png', 'application/octet-stream'],
    ['HTML', text('<!doctype html><script>1</script>'), 'text/html', 'text/plain'],
    ['SVG', text('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'image/svg+xml', 'text/plain'],
    [
      'XML that tells itself',
      text('<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>'),
      'image/png',
      'text/plain',
    ],
    ['nothing at all', Buffer.alloc(0), undefined, 'application/octet-stream'],
  ])('%s', async (_what, bytes, announced, type) => expect(await sniff(bytes, announced)).toBe(type));
});

describe('fileName', () => {
  test.each<[string, string | undefined, string, Parameters<typeof fileName>[2], string]>([
    ['a sticker without a name', undefined, 'image/webp', 'sticker', 'sticker.webp'],
    ['a voice note without a name', '', 'audio/ogg', 'voice', 'voice.ogg'],
    ['an iPhone’s picture', undefined, 'image/heic', 'image', 'image.heic'],
    ['a good name', 'Résumé Ł.pdf', 'application/pdf', 'file', 'Résumé Ł.pdf'],
    ['another good ending', 'IMG_1.JPEG', 'image/jpeg', 'image', 'IMG_1.JPEG'],
    ['a picture that is not what it is called', 'photo.jpg', 'image/webp', 'image', 'photo.webp'],
    ['a picture called a program', 'setup.exe', 'image/png', 'file', 'setup.exe.png'],
    ['a version for an ending', 'report v1.2', 'application/pdf', 'file', 'report v1.2.pdf'],
    ['a text with an ending of its own', 'notes.log', 'text/plain', 'file', 'notes.log'],
    ['an old Word file', 'letter', 'application/msword', 'file', 'letter.doc'],
    ['a contact card', undefined, 'text/vcard', 'file', 'file.vcf'],
    ['a type nobody knows', undefined, 'application/vnd.acme.thing', 'file', 'file.bin'],
    ['no type at all', 'thing', '', 'file', 'thing.bin'],
    ['a path', '..\\..\\etc/passwd', 'text/plain', 'file', 'passwd.txt'],
    ['hidden', '.htaccess', 'text/plain', 'file', 'htaccess.txt'],
    ['only dots', '...', 'image/png', 'image', 'image.png'],
    ['letters that turn the direction', 'photo\u202Egpj.exe', 'application/x-msdownload', 'file', 'photogpj.exe'],
    ['a device', 'CON', 'image/png', 'image', '_CON.png'],
    ['a header', 'a"\r\nb.png', 'image/png', 'image', 'ab.png'],
  ])('%s', (_what, given, mime, kind, name) => expect(fileName(given, mime, kind)).toBe(name));

  test('is safe and has an ending, whatever was given', () => {
    const types = fc.constantFrom('image/png', 'text/plain', 'application/octet-stream', 'video/mp4', 'x', '');
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), types, (given, mime) => {
        const name = fileName(given, mime, 'file');
        expect(name).toMatch(/^[^.\s\p{Cc}<>:"|?*\\/][^\p{Cc}<>:"|?*\\/]*\.[a-zA-Z0-9-]+$/u);
        expect(name.isWellFormed()).toBe(true);
        expect([...name].length).toBeLessThanOrEqual(130);
      }),
    );
  });
});

test('kinds are what a browser can show; the rest is a file', () => {
  const mimes = ['image/webp', 'image/heic', 'video/mp4', 'audio/ogg', 'application/pdf', undefined];
  expect(mimes.map(kindOfMime)).toEqual(['image', 'file', 'video', 'audio', 'file', 'file']);
});
