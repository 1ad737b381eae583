import type { Context, HttpRequest } from '../../contract/adapter.ts';
import type { Failure } from '../../contract/failure.ts';
import { FailureError } from '../../kit/failure.ts';
import { toJson } from '../../kit/json.ts';
import { dict } from '../../kit/read.ts';
import { failureFrom, migratedTo } from './failures.ts';
import type { TelegramConfig } from './manifest.ts';

const origin = 'https://api.telegram.org';

/** The part of a context that a call needs. */
type Caller = Pick<Context<TelegramConfig>, 'config' | 'http'>;

/** One call of a Bot API method. Fields that are undefined are not sent. */
export interface Call {
  method: string;
  fields?: Readonly<Record<string, unknown>>;
  file?: { field: string; name: string; mime: string; bytes: Uint8Array };
  /** True for methods that may be repeated without harm. */
  idempotent?: boolean;
}

export type Answer =
  | { ok: true; result: unknown }
  | { ok: false; failure: Failure /** The id the chat has now. */; migratedTo?: string };

/**
 * Calls the Bot API: JSON, or multipart where a file goes along. Never throws for want of an answer: that is a failure
 * too. The token stands in the address and nowhere else.
 * @see https://core.telegram.org/bots/api#making-requests
 */
export async function callApi({ config, http }: Caller, call: Call): Promise<Answer> {
  try {
    const response = await http.request({
      method: 'POST',
      url: `${origin}/bot${config.token}/${call.method}`,
      ...bodyOf(call),
      idempotent: call.idempotent,
    });
    const answer = dict(response.json());
    if (answer?.ok === true) return { ok: true, result: answer.result };
    if (answer === undefined && response.status < 300) return { ok: false, failure: unreadable(call) };
    return { ok: false, failure: failureFrom(response, answer), migratedTo: migratedTo(answer) };
  } catch (error) {
    if (error instanceof FailureError) return { ok: false, failure: error.failure };
    throw error;
  }
}

/** Where the bytes of a file lie; the address holds the token and dies after an hour or more. */
export function fileUrl(config: TelegramConfig, path: string): string {
  return `${origin}/file/bot${config.token}/${path.split('/').map(encodeURIComponent).join('/')}`;
}

function bodyOf({ fields = {}, file }: Call): Pick<HttpRequest, 'json' | 'multipart' | 'timeout'> {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  if (!file) return { json: Object.fromEntries(given) };
  const asText = given.map(([name, value]) => [name, typeof value === 'string' ? value : toJson(value)]);
  return { multipart: { fields: Object.fromEntries(asText), files: [file] }, timeout: 120_000 };
}

function unreadable({ idempotent }: Call): Failure {
  return {
    class: 'temporary',
    message: 'Telegram accepted the call, but its answer cannot be read.',
    ...(idempotent ? {} : { unconfirmed: true }),
  };
}
