import { request } from 'undici';
import type { Json } from '../../types.ts';
import type { StoredFile } from '../downloads.ts';
import { invalid } from '../errors.ts';
import type { FileToSend } from '../types.ts';
import type { Workspace } from '../workspace.ts';

/** Bytes that one file and one request may carry. The vendor's documents name no figure; these are ours to hold to. */
const limits = { file: 20 * 1024 * 1024, request: 40 * 1024 * 1024, count: 10 };

/**
 * The files a reply brings along, as base64 in `attachment_files` or as addresses in `attachment_urls`.
 * @throws IntercomError 400 on too many, too large ones, broken base64, or an address that gives nothing.
 */
export async function readFiles(workspace: Workspace, body: Json): Promise<StoredFile[]> {
  const files = (body.attachment_files ?? []) as { content_type?: string; data?: string; name?: string }[];
  const urls = (body.attachment_urls ?? []) as string[];
  if (files.length > limits.count || urls.length > limits.count) throw invalid('At most 10 attachments are allowed');
  const given = [...files.map(decode), ...(await Promise.all(urls.map(fetchFile)))];
  if (given.some(({ bytes }) => bytes.length > limits.file)) throw invalid('Attachment is too large');
  if (given.reduce((sum, { bytes }) => sum + bytes.length, 0) > limits.request) throw invalid('Request is too large');
  return given.map(file => workspace.store(file));
}

function decode({ content_type, data, name }: { content_type?: string; data?: string; name?: string }): FileToSend {
  if (!data || !name || !content_type) throw invalid('attachment_files need content_type, data and name');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(data)) throw invalid('attachment_files data must be base64');
  return { name, mime: content_type, bytes: Buffer.from(data, 'base64') };
}

/** Only loopback addresses are fetched: the double never reaches out to the internet. */
async function fetchFile(address: string): Promise<FileToSend> {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)) {
    throw invalid(`attachment_urls: ${address} could not be fetched`);
  }
  const answer = await request(url, { signal: AbortSignal.timeout(10_000) }).catch(() => undefined);
  if (answer?.statusCode !== 200) throw invalid(`attachment_urls: ${address} could not be fetched`);
  return {
    name: decodeURIComponent(url.pathname.split('/').at(-1) || 'file'),
    mime: String(answer.headers['content-type'] ?? 'application/octet-stream'),
    bytes: await answer.body.bytes(),
  };
}
