import type { Failure, FailureClass } from '../../contract/failure.ts';
import { type GraphError, graphError, secondsToRegainAccess } from '../../kit/meta.ts';

interface Meaning {
  class: FailureClass;
  scope?: Failure['scope'];
  /** Seconds, for limits that Meta names no end of and that are no matter of seconds. */
  retryAfter?: number;
}

const auth: Meaning = { class: 'auth' };
const content: Meaning = { class: 'content' };
const policy: Meaning = { class: 'policy' };
const config: Meaning = { class: 'config' };
const temporary: Meaning = { class: 'temporary' };
const ofChannel: Meaning = { class: 'rate_limited', scope: 'channel' };

/**
 * What Meta's codes mean. The same code stands in answers to calls and in the `errors` of statuses.
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes
 */
const meanings: ReadonlyMap<number, Meaning> = new Map([
  [0, auth],
  [3, auth],
  [10, auth],
  [190, auth],
  [131005, auth],

  [4, ofChannel],
  [613, ofChannel],
  [80007, ofChannel],
  [130429, ofChannel],
  [132069, ofChannel],
  [133016, ofChannel],
  // Too many blocks and reports, and misused template categories: an hour's pause, for trying on makes it worse.
  [131048, { ...ofChannel, retryAfter: 3600 }],
  [131064, { ...ofChannel, retryAfter: 3600 }],
  [131056, { class: 'rate_limited', scope: 'conversation' }],

  [131047, { class: 'window_closed' }],

  [131050, { class: 'opted_out' }],
  // Not on WhatsApp, the business blocked, terms not accepted, an old version: Meta does not tell which.
  [131026, { class: 'unreachable' }],
  [137000, { class: 'unreachable' }],
  [131030, { class: 'invalid_recipient' }],
  [131041, { class: 'invalid_recipient' }],

  [100, content],
  [131008, content],
  [131009, content],
  [131020, content],
  [131021, content],
  [131051, content],
  [131059, content],
  [131062, content],
  [139100, content],
  [139101, content],

  [131052, { class: 'media' }],
  [131053, { class: 'media' }],

  [132000, content],
  [132008, content],
  [132012, content],
  [2388047, content],
  [2388073, content],
  [2388293, content],
  [2388299, content],
  [132005, { class: 'too_long' }],
  [2388040, { class: 'too_long' }],
  [131063, policy],
  [132001, policy],
  [132007, policy],
  [132015, policy],
  [132016, policy],
  [132068, policy],
  [2388019, policy],

  [368, policy],
  [130472, policy],
  [130497, policy],
  [131031, policy],
  [131049, policy],

  [33, config],
  [131037, config],
  [131042, config],
  [131044, config],
  [131045, config],

  [1, temporary],
  [2, temporary],
  [131000, temporary],
  [131016, temporary],
  [131057, temporary],
  [135000, temporary],
  [139102, temporary],
  [139103, temporary],
]);

/** The subcode of 100 for an object that is not there, or that the token may not see: then no id in the set-up is right. */
const noSuchObject = 33;

/** What an answer of the Graph API that is no success means. `headers` may tell how long a limit holds. */
export function failureOfAnswer(
  error: GraphError | undefined,
  { status, headers }: { status: number; headers: Readonly<Record<string, string>> },
): Failure {
  const meaning = meaningOf(error) ?? byStatus(status);
  const limited = meaning.class === 'rate_limited';
  const retryAfter = limited ? (secondsToRegainAccess(headers) ?? meaning.retryAfter) : undefined;
  return {
    class: meaning.class,
    message: error?.message ?? `Meta answered with status ${status} and no reason.`,
    ...(error?.code === undefined ? {} : { code: String(error.code) }),
    status,
    ...(error?.traceId === undefined ? {} : { requestId: error.traceId }),
    ...(limited ? { scope: meaning.scope } : {}),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  };
}

/** Why a message failed after it was accepted: an item of the `errors` of its status. */
export function failureOfStatus(value: unknown): Failure {
  const error = graphError(value);
  return {
    class: meaningOf(error)?.class ?? 'unknown',
    message: error?.message ?? 'WhatsApp could not deliver the message and gave no reason.',
    ...(error?.code === undefined ? {} : { code: String(error.code) }),
  };
}

/** True for "no such object, or none that this token may see". */
export function isMissing(failure: Failure): boolean {
  return failure.class === 'config' && failure.code === '100';
}

function meaningOf(error: GraphError | undefined): Meaning | undefined {
  if (error?.code === undefined) return undefined;
  if (error.code === 100 && error.subcode === noSuchObject) return config;
  // The family of permissions that were not granted, or were withdrawn.
  if (error.code >= 200 && error.code <= 299) return auth;
  return meanings.get(error.code) ?? (error.transient ? temporary : undefined);
}

function byStatus(status: number): Meaning {
  if (status >= 500) return temporary;
  if (status === 401) return auth;
  if (status === 413) return { class: 'media' };
  return status === 429 ? ofChannel : { class: 'unknown' };
}
