import type { Context, HttpRequest, HttpResponse } from '../../contract/adapter.ts';
import type { Failure } from '../../contract/failure.ts';
import { FailureError } from '../../kit/failure.ts';
import { redactor } from '../../kit/http.ts';
import { graphError } from '../../kit/meta.ts';
import { type Dict, dict } from '../../kit/read.ts';
import { failureOfAnswer } from './failures.ts';
import type { WhatsAppConfig } from './manifest.ts';

/** The version our reading of Meta's specification is of; Meta keeps it until 8 October 2027. */
const origin = 'https://graph.facebook.com/v23.0';

/** The part of a context that a call needs. */
export interface Caller {
  config: Pick<WhatsAppConfig, 'accessToken'>;
  http: Context<unknown>['http'];
}

/** One call of the Graph API. */
export interface Call {
  method?: HttpRequest['method'];
  /** Behind the version, without a leading slash. */
  path: string;
  query?: Readonly<Record<string, string | undefined>>;
  json?: unknown;
  multipart?: HttpRequest['multipart'];
  /** True for writes that may be repeated without harm; reads always may. */
  idempotent?: boolean;
}

export type Answer = { ok: true; result: Dict } | { ok: false; failure: Failure };

/**
 * Calls the Graph API with the channel's token. Never throws for want of an answer: that is a failure too. A write that
 * ends in a fault of the server without a word of Meta's may have had its effect and is unconfirmed.
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/reference
 */
export async function callGraph({ config, http }: Caller, call: Call): Promise<Answer> {
  try {
    const response = await http.request({
      method: call.method ?? 'GET',
      url: addressOf(call),
      headers: { authorization: `Bearer ${config.accessToken}` },
      json: call.json,
      multipart: call.multipart,
      idempotent: call.idempotent,
      ...(call.multipart ? { timeout: 120_000 } : {}),
    });
    return read(response, call, config.accessToken);
  } catch (error) {
    if (error instanceof FailureError) return { ok: false, failure: error.failure };
    throw error;
  }
}

function addressOf({ path, query = {} }: Call): string {
  const url = new URL(`${origin}/${path}`);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  return url.href;
}

function read(response: HttpResponse, call: Call, accessToken: string): Answer {
  const body = dict(response.json());
  const error = graphError(body?.error);
  const isRead = call.method === undefined || call.method === 'GET' || call.idempotent === true;
  if (response.status < 300 && body && !error) return { ok: true, result: body };
  if (response.status < 300 && !error) {
    const message = 'Meta accepted the call, but its answer cannot be read.';
    return { ok: false, failure: { class: 'temporary', message, ...(isRead ? {} : { unconfirmed: true }) } };
  }
  const failure = failureOfAnswer(error, response);
  // Meta repeats a token that it cannot read.
  const message = redactor([accessToken])(failure.message);
  const silent = response.status >= 500 && !error && !isRead;
  return { ok: false, failure: { ...failure, message, ...(silent ? { unconfirmed: true } : {}) } };
}
