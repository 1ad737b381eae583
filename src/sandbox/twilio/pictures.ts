import { request } from 'undici';
import type { TwilioFile } from './types.ts';

/** Bytes that a file may have, and all files of a message together. What Twilio shrinks by itself may be larger. */
const limits = { shrinkable: 5 * 1024 * 1024, other: 500 * 1024, total: 5 * 1024 * 1024 };

const shrinkable: readonly string[] = ['image/jpeg', 'image/jpg', 'image/png', 'image/gif'];

/** @see https://www.twilio.com/docs/messaging/guides/accepted-mime-types */
const accepted: Readonly<Record<string, readonly string[]>> = {
  image: ['jpeg', 'jpg', 'png', 'gif', 'bmp', 'tiff', 'heic', 'heif'],
  audio: [
    ...['basic', 'l24', 'mp4', 'mpeg', 'ogg', 'vnd.rn-realaudio', 'vnd.wave'],
    ...['3gpp', '3gpp2', 'ac3', 'webm', 'amr-nb', 'amr'],
  ],
  video: [
    ...['mpeg', 'mpeg4', 'mp4', 'quicktime', 'webm', '3gpp', '3gpp2', '3gpp-tt'],
    ...['h261', 'h263', 'h263-1998', 'h263-2000', 'h264'],
  ],
  text: ['vcard', 'x-vcard', 'csv', 'rtf', 'richtext', 'calendar', 'directory'],
  application: ['pdf', 'vcard', 'vnd.apple.pkpass'],
};

/** The files of a message, or the code that it fails with. */
export async function fetchPictures(addresses: readonly string[]): Promise<TwilioFile[] | { errorCode: number }> {
  const files: TwilioFile[] = [];
  for (const address of addresses) {
    const file = await fetchPicture(address);
    if ('errorCode' in file) return file;
    files.push(file);
  }
  const total = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
  return total > limits.total ? { errorCode: 30019 } : files;
}

/** Only loopback addresses are fetched: the double never reaches out to the internet. */
async function fetchPicture(address: string): Promise<TwilioFile | { errorCode: number }> {
  const url = new URL(address);
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)) return { errorCode: 11210 };
  // Twilio looks at the header with a HEAD first, so an address that answers to GET alone is none.
  const head = await read(url, 'HEAD');
  const file = head && (await read(url, 'GET'));
  if (!head || !file) return { errorCode: 11205 };
  if (head.status !== 200 || file.status !== 200) return { errorCode: 11200 };
  if (head.mime !== file.mime || !isAccepted(file.mime)) return { errorCode: 12300 };
  const limit = shrinkable.includes(file.mime) ? limits.shrinkable : limits.other;
  return file.bytes.length > limit ? { errorCode: 30019 } : { mime: file.mime, bytes: file.bytes };
}

/** Undefined where nobody answers. */
async function read(url: URL, method: 'HEAD' | 'GET') {
  const answer = await request(url, { method, signal: AbortSignal.timeout(10_000) }).catch(() => undefined);
  if (!answer) return undefined;
  const [mime = ''] = String(answer.headers['content-type'] ?? '').split(';');
  return { status: answer.statusCode, mime: mime.trim().toLowerCase(), bytes: await answer.body.bytes() };
}

function isAccepted(mime: string): boolean {
  const [kind = '', subtype = ''] = mime.split('/');
  return accepted[kind]?.includes(subtype) ?? false;
}
