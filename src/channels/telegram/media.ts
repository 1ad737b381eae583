import type { Context } from '../../contract/adapter.ts';
import type { FetchedMedia } from '../../contract/channel.ts';
import type { Failure } from '../../contract/failure.ts';
import type { MediaPart } from '../../contract/message.ts';
import { FailureError } from '../../kit/failure.ts';
import { dict, number, text } from '../../kit/read.ts';
import { callApi, fileUrl } from './api.ts';
import { downloadLimit, tooLarge } from './attachments.ts';
import { failureFrom } from './failures.ts';
import type { TelegramConfig } from './manifest.ts';

/**
 * Fetches a file by its id. Telegram does not keep name and type, so they come from the message.
 * @see https://core.telegram.org/bots/api#getfile
 */
export async function fetchMedia(
  part: MediaPart,
  context: Context<TelegramConfig>,
): Promise<FetchedMedia | { failure: Failure }> {
  if (part.unavailable !== undefined) return { failure: { class: 'media', message: part.unavailable } };
  const answer = await callApi(context, { method: 'getFile', fields: { file_id: part.ref }, idempotent: true });
  if (!answer.ok) return { failure: answer.failure };
  const file = dict(answer.result);
  const size = number(file?.file_size) ?? 0;
  if (size > downloadLimit) return { failure: { class: 'media', message: tooLarge(size) } };
  const path = text(file?.file_path);
  if (path === undefined) return { failure: { class: 'media', message: 'Telegram does not hand out this file.' } };
  return download(part, path, context);
}

async function download(
  part: MediaPart,
  path: string,
  { config, http }: Context<TelegramConfig>,
): Promise<FetchedMedia | { failure: Failure }> {
  try {
    const response = await http.request({ url: fileUrl(config, path), maxBytes: downloadLimit, timeout: 120_000 });
    if (response.status === 200) {
      return { bytes: response.bytes, mime: part.mime, name: part.name ?? path.split('/').at(-1) };
    }
    const failure = failureFrom(response, dict(response.json()));
    // Here "not found" speaks of the file: its address has died since we asked, and a new one can be had.
    return { failure: response.status === 404 ? { ...failure, class: 'temporary' } : failure };
  } catch (error) {
    if (error instanceof FailureError) return { failure: error.failure };
    throw error;
  }
}
