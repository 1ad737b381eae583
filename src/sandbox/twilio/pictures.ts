import { request } from 'undici';
import type { TwilioFile } from './types.ts';

/** Bytes that a file may have, and all files of a message together; what Twilio shrinks by itself may be larger. */
const limits = { shrinkable: 5 * 1024 * 1024, other: 500 * 1024, total: 5 * 1024 * 1024 };

const shrinkable: readonly string[] = ['image/jpeg', 'image/png', 'image/gif'];

/** @see https://www.twilio.com/docs/messaging/guides/accepted-mime-types */
const accepted =
  /^(image\/(jpeg|png|gif|bmp|tiff)|audio\/(basic|L24|mp4|mpeg|ogg|vorbis|vnd\.rn-realaudio|vnd\.wave|3gpp|3gpp2|ac3|webm|amr-nb|amr)|video\/(mpeg|mp4|quicktime|webm|3gpp|3gpp2|3gpp-tt|H261|H263|H263-1998|H263-2000|H264)|text\/(vcard|x-vcard|csv|rtf|richtext|calendar|directory)|application\/(pdf|vcard|vnd\.apple\.pkpass))$/i;

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
  const answer = await request(url, { signal: AbortSignal.timeout(10_000) }).catch(() => undefined);
  if (!answer) return { errorCode: 11205 };
  const bytes = await answer.body.bytes();
  if (answer.statusCode !== 200) return { errorCode: 11200 };
  const [mime = ''] = String(answer.headers['content-type'] ?? '').split(';');
  if (!accepted.test(mime)) return { errorCode: 12300 };
  return bytes.length > (shrinkable.includes(mime) ? limits.shrinkable : limits.other)
    ? { errorCode: 30019 }
    : { mime, bytes };
}
