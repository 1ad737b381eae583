import type { UploadedFile } from './types.ts';

/** What a request carried: form and multipart fields as strings, JSON as parsed. */
export interface Body {
  /** The JSON value, or the fields as an object of strings. Undefined where there is no body. */
  value: unknown;
  files: Record<string, UploadedFile>;
  /** True where every field is a string, because the encoding knows nothing else. */
  form: boolean;
}

/**
 * Reads a body by its content type.
 * @throws SyntaxError where it is broken.
 */
export function readBody(contentType: string | undefined, bytes: Buffer): Body {
  const [type = ''] = (contentType ?? '').split(';');
  if (bytes.length === 0) return { value: undefined, files: {}, form: false };
  switch (type.trim().toLowerCase()) {
    case 'application/x-www-form-urlencoded':
      return { value: Object.fromEntries(new URLSearchParams(bytes.toString())), files: {}, form: true };
    case 'multipart/form-data':
      return readMultipart(contentType ?? '', bytes);
    default:
      return { value: JSON.parse(bytes.toString()), files: {}, form: false };
  }
}

/**
 * Reads multipart/form-data (RFC 7578) as vendors do: file names may stand without quotes, as one official client sends
 * them, which the stricter parser built into Node refuses.
 */
function readMultipart(contentType: string, bytes: Buffer): Body {
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  if (boundary === undefined) throw new SyntaxError('multipart/form-data without a boundary');
  const fields: Record<string, string> = {};
  const files: Record<string, UploadedFile> = {};
  for (const part of splitParts(bytes, Buffer.from(`--${boundary}`))) {
    const end = part.indexOf('\r\n\r\n');
    if (end < 0) throw new SyntaxError('multipart part without a header');
    const headers = part.subarray(0, end).toString();
    const content = part.subarray(end + 4);
    const name = parameter(headers, 'name');
    if (name === undefined) throw new SyntaxError('multipart part without a name');
    const fileName = parameter(headers, 'filename');
    if (fileName === undefined) {
      fields[name] = content.toString();
    } else {
      const mime = /^content-type:\s*(\S+)/im.exec(headers)?.[1] ?? 'application/octet-stream';
      files[name] = { name: fileName, mime: mime.replace(/;$/, ''), bytes: content };
    }
  }
  return { value: fields, files, form: true };
}

function* splitParts(bytes: Buffer, delimiter: Buffer): Generator<Buffer> {
  let start = bytes.indexOf(delimiter);
  if (start < 0) throw new SyntaxError('multipart body without its boundary');
  while (true) {
    start += delimiter.length;
    if (bytes.subarray(start, start + 2).toString() === '--') return;
    const end = bytes.indexOf(Buffer.concat([Buffer.from('\r\n'), delimiter]), start);
    if (end < 0) throw new SyntaxError('multipart body ends too early');
    yield bytes.subarray(start + 2, end);
    start = end + 2;
  }
}

function parameter(headers: string, name: string): string | undefined {
  const disposition = /^content-disposition:(.*)$/im.exec(headers)?.[1] ?? '';
  const found = new RegExp(`;\\s*${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^;\\r\\n]*))`, 'i').exec(disposition);
  const value = found?.[1]?.replace(/\\(.)/g, '$1') ?? found?.[2];
  return value?.replace(/%(22|0D|0A)/gi, code => decodeURIComponent(code));
}
