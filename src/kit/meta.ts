import type { RawReply, RawRequest, Verdict } from '../contract/adapter.ts';
import { type Dict, dict, list, number, text } from './read.ts';
import { hmac, sameSecret } from './signatures.ts';

/** What the channels of the Meta family (WhatsApp, Messenger, Instagram) share: webhooks and the Graph API's errors. */

/**
 * A webhook is Meta's when it is signed with the app's secret: `X-Hub-Signature-256: sha256=<hex HMAC-SHA256 of the bytes>`.
 * Meta signs its own escaped spelling (`\u00e9`), so only the bytes as they came can be checked. The older
 * `X-Hub-Signature` is not looked at.
 * @see https://developers.facebook.com/docs/graph-api/webhooks/getting-started#validate-payloads
 */
export function verifySignature(request: RawRequest, appSecret: string | undefined): Verdict {
  if (!appSecret) return { ok: false, reason: 'There is no app secret here to check the signature with.' };
  const given = request.headers['x-hub-signature-256'];
  if (given === undefined) return { ok: false, reason: 'The header X-Hub-Signature-256 is missing.' };
  if (!sameSecret(given.trim().toLowerCase(), `sha256=${hmac('sha256', appSecret, request.body)}`)) {
    return { ok: false, reason: 'The header X-Hub-Signature-256 does not fit the body and the app secret.' };
  }
  return { ok: true };
}

/** True for the GET with which Meta asks whether an address wants its webhooks. It is not signed: a token stands in it. */
export function isChallenge(request: RawRequest): boolean {
  return request.method === 'GET';
}

/** @see https://developers.facebook.com/docs/graph-api/webhooks/getting-started#verification-requests */
export function verifyChallenge(request: RawRequest, verifyToken: string | undefined): Verdict {
  if (request.query['hub.mode'] !== 'subscribe') return { ok: false, reason: 'hub.mode is not "subscribe".' };
  if (!sameSecret(request.query['hub.verify_token'], verifyToken ?? '')) {
    return { ok: false, reason: 'hub.verify_token is not the verify token of this channel.' };
  }
  return { ok: true };
}

/** The answer to a verified challenge: the very characters of `hub.challenge`. Undefined for any other request. */
export function challengeReply(request: RawRequest): RawReply | undefined {
  if (!isChallenge(request)) return undefined;
  return { status: 200, headers: { 'content-type': 'text/plain' }, body: request.query['hub.challenge'] ?? '' };
}

/** What a Graph API error says, whether it came as `{error: {…}}` in an answer or as an item of an `errors` list. */
export interface GraphError {
  code?: number;
  subcode?: number;
  /** Meta's words with its details behind them; never empty. */
  message: string;
  /** `fbtrace_id`: what Meta's support asks for. */
  traceId?: string;
  /** Meta itself says that it passes. */
  transient: boolean;
}

/**
 * @param value the error object itself.
 * @see https://developers.facebook.com/docs/graph-api/guides/error-handling
 */
export function graphError(value: unknown): GraphError | undefined {
  const error = dict(value);
  if (!error) return undefined;
  return {
    code: number(error.code),
    subcode: number(error.error_subcode),
    message: wordsOf(error),
    traceId: text(error.fbtrace_id),
    transient: error.is_transient === true,
  };
}

function wordsOf(error: Dict): string {
  const data = error.error_data;
  const said = text(error.message) ?? text(error.title) ?? text(error.error_user_title);
  const details = text(dict(data)?.details) ?? text(data) ?? text(error.details) ?? text(error.error_user_msg);
  if (said === undefined || details?.includes(said)) return details ?? 'Meta gave no reason.';
  return details === undefined || said.includes(details) ? said : `${said}: ${details}`;
}

/**
 * Seconds until a used-up quota frees itself, from `X-Business-Use-Case-Usage`: the longest that any of its entries names,
 * in minutes there. Undefined where it names none.
 * @see https://developers.facebook.com/docs/graph-api/overview/rate-limiting#headers-2
 */
export function secondsToRegainAccess(headers: Readonly<Record<string, string>>): number | undefined {
  const usage = dict(parsed(headers['x-business-use-case-usage']));
  const minutes = Object.values(usage ?? {})
    .flatMap(entries => list(entries))
    .map(entry => number(dict(entry)?.estimated_time_to_regain_access) ?? 0);
  const longest = Math.max(0, ...minutes);
  return longest > 0 ? longest * 60 : undefined;
}

function parsed(json: string | undefined): unknown {
  if (json === undefined) return undefined;
  try {
    return JSON.parse(json);
  } catch {
    return undefined; // A header that is no JSON tells no time to wait.
  }
}
