/** How a file of each type begins: enough for a look at the bytes to find what the case says of them. */
const beginnings: Readonly<Record<string, string>> = {
  'application/pdf': '%PDF-1.4\n',
  'audio/amr': '#!AMR\n',
  'audio/mpeg': 'ID3\x04\x00\x00\x00\x00\x00\x00',
  'audio/ogg':
    'OggS\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x13OpusHead',
  'image/gif': 'GIF89a\x01\x00\x01\x00\x00\x00\x00',
  'image/jpeg': '\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00',
  'image/png': '\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00',
  'image/webp': 'RIFF\x1a\x00\x00\x00WEBPVP8L',
  'video/3gpp': '\x00\x00\x00\x14ftyp3gp4\x00\x00\x00\x003gp4',
  'video/mp4': '\x00\x00\x00\x14ftypisom\x00\x00\x00\x00isom',
};

/** A stub for a file that a case only tells the type of. */
export function sampleOf(mime: string): Uint8Array {
  return Buffer.from(`${beginnings[mime] ?? ''}Stands in for a file of type ${mime}.`, 'latin1');
}
