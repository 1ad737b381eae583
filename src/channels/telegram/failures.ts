import type { HttpResponse } from '../../contract/adapter.ts';
import type { Failure, FailureClass } from '../../contract/failure.ts';
import { type Dict, dict, id, number, text } from '../../kit/read.ts';

/**
 * Descriptions are observed, not promised, so they only refine what the code says: error code, beginning of the
 * lower-cased description, class. The first match counts; a description is not matched in full because its end differs.
 */
const rules: readonly [code: number, beginning: string, FailureClass][] = [
  [403, 'forbidden: bot was blocked by the user', 'opted_out'],
  [403, "forbidden: bot can't initiate conversation", 'invalid_recipient'],
  [403, "forbidden: bot can't send messages to bots", 'invalid_recipient'],
  // Seen as a passing fault of Telegram's own: one such answer must not cut a customer off.
  [403, "forbidden: bot can't send messages to the user", 'temporary'],
  [403, 'forbidden: not enough rights', 'policy'],

  [400, 'bad request: chat not found', 'invalid_recipient'],
  [400, 'bad request: peer_id_invalid', 'invalid_recipient'],
  [400, 'bad request: user not found', 'invalid_recipient'],
  [400, 'bad request: group is deactivated', 'unreachable'],
  [400, 'bad request: message thread not found', 'unreachable'],
  [400, 'bad request: topic_', 'unreachable'],
  [400, 'bad request: business connection', 'unreachable'],
  [400, 'bad request: not enough rights', 'policy'],
  [400, 'bad request: have no rights', 'policy'],
  [400, 'bad request: need administrator rights', 'policy'],
  [400, 'bad request: chat_write_forbidden', 'policy'],
  [400, 'bad request: chat_send_', 'policy'],
  [400, 'bad request: voice_messages_forbidden', 'policy'],
  [400, 'bad request: message is too long', 'too_long'],
  [400, 'bad request: message caption is too long', 'too_long'],
  [400, 'bad request: file is too big', 'media'],
  [400, 'bad request: file must be non-empty', 'media'],
  [400, 'bad request: wrong file identifier', 'media'],
  [400, 'bad request: wrong remote file', 'media'],
  [400, 'bad request: wrong type of the', 'media'],
  [400, 'bad request: failed to get http url content', 'media'],
  [400, 'bad request: image_process_failed', 'media'],
  [400, 'bad request: photo_', 'media'],
  [400, 'bad request: video_', 'media'],
  [400, 'bad request: sticker_', 'media'],
  [400, 'bad request: bad webhook', 'config'],

  // A malformed token is answered like an unknown address, with no words behind it.
  [404, 'not found:', 'config'],
];

const byCode: Readonly<Record<number, FailureClass>> = {
  400: 'content',
  401: 'auth',
  403: 'unreachable',
  404: 'auth',
  409: 'config',
  413: 'media',
  429: 'rate_limited',
};

/**
 * What an answer of the Bot API that is not `ok` means. `parameters` outrank the code, the code outranks the words.
 * @see https://core.telegram.org/bots/api#making-requests
 */
export function failureFrom(response: HttpResponse, answer: Dict | undefined): Failure {
  const code = number(answer?.error_code) ?? response.status;
  const description = text(answer?.description);
  const parameters = dict(answer?.parameters);
  const retryAfter = number(parameters?.retry_after);
  return {
    class: classOf(code, description?.toLowerCase() ?? '', migratedTo(answer) !== undefined),
    message: description ?? `Telegram answered with status ${response.status} and no reason.`,
    code: String(code),
    status: response.status,
    // Whether the chat's limit or the bot's own was hit cannot be told apart; the chat's is hit first.
    ...(code === 429 ? { scope: 'conversation' } : {}),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  };
}

function classOf(code: number, description: string, migrated: boolean): FailureClass {
  if (migrated) return 'temporary';
  if (code >= 500) return 'temporary';
  const rule = rules.find(([ruleCode, beginning]) => ruleCode === code && description.startsWith(beginning));
  return rule?.[2] ?? byCode[code] ?? 'unknown';
}

/** The chat id a group has now, where that is why a call failed. */
export function migratedTo(answer: Dict | undefined): string | undefined {
  return id(dict(answer?.parameters)?.migrate_to_chat_id);
}

/** Telegram read the text but not its formatting. */
export function refusesEntities(failure: Failure): boolean {
  return failure.code === '400' && failure.message.toLowerCase().startsWith("bad request: can't parse entities");
}
