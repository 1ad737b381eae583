import type { HttpResponse } from '../../contract/adapter.ts';
import type { Failure, FailureClass } from '../../contract/failure.ts';
import { dict, list, text } from '../../kit/read.ts';

/** Seconds to wait where a 429 names no time: limits are counted in windows of ten seconds. */
const defaultWait = 10;
/** Seconds. No window is longer; a larger figure means that one of the clocks is wrong. */
const longestWait = 3600;

/**
 * An answer that is no success, as a failure. The body is `{type: 'error.list', request_id, errors: [{code, message}]}`.
 * @param creates whether repeating the call may make a second thing: then a vendor fault leaves its effect open.
 */
export function failureFrom(response: HttpResponse, now: Date, creates: boolean): Failure {
  const body = dict(response.json());
  const error = dict(list(body?.errors)[0]);
  const code = text(error?.code);
  const requestId = text(body?.request_id) ?? response.headers['x-request-id'];
  const kind = classOf(response.status, code);
  return {
    class: kind,
    message: text(error?.message) ?? `Intercom answered ${response.status}.`,
    status: response.status,
    ...(code === undefined ? {} : { code }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(kind === 'rate_limited' ? { retryAfter: waitOf(response, now), scope: 'channel' as const } : {}),
    ...(creates && isOpenOutcome(response.status) ? { unconfirmed: true } : {}),
  };
}

function classOf(status: number, code: string | undefined): FailureClass {
  if (code === 'intercom_version_invalid') return 'config';
  if (code === 'admin_not_found') return 'config';
  if (status >= 500) return 'temporary';
  switch (status) {
    case 401:
      return 'auth';
    case 402:
    case 403:
      return 'policy';
    case 404:
    case 410:
      return 'invalid_recipient';
    case 408:
    case 409:
      return 'temporary';
    case 413:
      return 'media';
    case 429:
      return 'rate_limited';
    case 400:
    case 422:
      return 'content';
    default:
      return 'unknown';
  }
}

function isOpenOutcome(status: number): boolean {
  return status >= 500 || status === 408;
}

/** Limits are per app and workspace; `X-RateLimit-Reset` is the Unix second in which the window ends. */
function waitOf(response: HttpResponse, now: Date): number {
  const reset = Number(response.headers['x-ratelimit-reset']);
  const named = Number(response.headers['retry-after']);
  const wait = reset > 0 ? reset - now.getTime() / 1000 : named > 0 ? named : defaultWait;
  return Math.min(Math.max(Math.ceil(wait), 1), longestWait);
}
