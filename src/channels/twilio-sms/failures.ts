import type { HttpResponse } from '../../contract/adapter.ts';
import type { Failure, FailureClass } from '../../contract/failure.ts';
import { dict, id, text } from '../../kit/read.ts';

/**
 * Twilio's error codes for messages, by what can be done about them. The same code comes at once, in the answer to a call,
 * or later, in a status callback. Codes that are not here count by HTTP status or by the callback's word.
 * @see https://www.twilio.com/docs/api/errors
 */
const codes: Readonly<Partial<Record<FailureClass, readonly number[]>>> = {
  auth: [20003, 20005, 20006, 30002],
  rate_limited: [20429, 14107, 21611, 30001, 30022, 30023, 30027],
  opted_out: [21610],
  invalid_recipient: [21211, 21214, 21217, 21604, 21612, 21614, 21635, 30005, 30006],
  unreachable: [30003, 30008, 30017, 30410],
  media: [21620, 21621, 21622, 21623, 30011, 30019],
  too_long: [21605, 21617],
  content: [21602, 21618],
  expired: [30036],
  policy: [30004, 30007, 30450],
  config: [
    // Where to, and as whom.
    21408, 21601, 21603, 21606, 21607, 21608, 21609, 21616, 21657, 21659,
    // The messaging service.
    21701, 21702, 21703, 21704, 21705, 21708, 21709, 21711,
    // Registration with the carriers.
    30018, 30024, 30032, 30033, 30034, 30035,
  ],
  temporary: [20500, 20503, 21730],
};

const classOf: ReadonlyMap<string, FailureClass> = new Map(
  Object.entries(codes).flatMap(([failureClass, listed]) =>
    listed.map(code => [String(code), failureClass as FailureClass] as const),
  ),
);

/** For callbacks, which bring a code and no words. */
const words: Readonly<Record<string, string>> = {
  '21610': 'The customer has unsubscribed from this sender.',
  '21703': 'The messaging service has no sender that could reach this customer.',
  '30001': 'Too many messages were waiting at Twilio for this sender.',
  '30002': 'The Twilio account is suspended.',
  '30003': 'The phone is switched off, out of coverage, or does not take this message.',
  '30004': 'The carrier or the phone blocks messages of this sender.',
  '30005': 'The number is not in use.',
  '30006': 'The number is a landline, or its carrier takes no SMS.',
  '30007': 'The carrier took the message for spam.',
  '30008': 'The carrier did not deliver it and gave no reason.',
  '30011': 'Pictures cannot be sent to this phone.',
  '30017': 'The carrier’s network was overloaded.',
  '30018': 'The carrier wants the sender to be registered first.',
  '30019': 'The attachment is larger than the carrier allows.',
  '30022': 'The carrier’s rate limit for this sender was exceeded.',
  '30023': 'The sender has used up its daily allowance at the carrier.',
  '30024': 'The carrier does not know this sender.',
  '30027': 'The sender has used up its daily allowance at the carrier.',
  '30032': 'The toll-free number has not been verified.',
  '30033': 'The sender’s campaign is suspended.',
  '30034': 'The sender is not registered with US carriers (A2P 10DLC).',
  '30035': 'The sender’s registration with US carriers is not finished.',
  '30036': 'It waited longer at Twilio than it is worth sending.',
  '30410': 'The carrier did not answer in time.',
  '30450': 'The message was blocked.',
};

/** Seconds to wait where Twilio names none: a full queue of a sender drains one segment at a time. */
const drainTime = 60;

/** What an answer of the REST API that is no success means. The code outranks the status. */
export function failureFrom(response: HttpResponse, idempotent: boolean): Failure {
  const answer = dict(response.json());
  const code = id(answer?.code);
  const { status } = response;
  const failureClass = (code === undefined ? undefined : classOf.get(code)) ?? classOfStatus(status);
  return {
    class: failureClass,
    message: text(answer?.message) ?? `Twilio answered with status ${status} and no reason.`,
    status,
    code,
    requestId: response.headers['twilio-request-id'],
    ...(failureClass === 'rate_limited' ? limitOf(code, response) : {}),
    // The message may have been made before the fault: it is looked up, not sent again.
    ...(status >= 500 && !idempotent ? { unconfirmed: true } : {}),
  };
}

/** What became of a message that Twilio had accepted, as a status callback tells it. */
export function failureOfCode(
  code: string | undefined,
  { word, message }: { word: string; message: string | undefined },
): Failure {
  const failureClass = (code === undefined ? undefined : classOf.get(code)) ?? classOfWord(word);
  const said = message ?? words[code ?? ''];
  return {
    class: failureClass,
    message: said ?? `Twilio reports the message as ${word}${code === undefined ? ' and gives no reason' : ''}.`,
    code,
  };
}

function classOfStatus(status: number): FailureClass {
  if (status >= 500) return 'temporary';
  switch (status) {
    case 401:
      return 'auth';
    case 403:
    case 404:
      return 'config';
    case 429:
      return 'rate_limited';
    default:
      return status >= 400 ? 'content' : 'unknown';
  }
}

function classOfWord(word: string): FailureClass {
  switch (word) {
    case 'undelivered':
      return 'unreachable';
    case 'canceled':
      return 'expired';
    default:
      return 'unknown';
  }
}

/** All limits are the account's or the sender's, but for the one on texts between two numbers. */
function limitOf(code: string | undefined, response: HttpResponse): Pick<Failure, 'scope' | 'retryAfter'> {
  const seconds = Number(response.headers['retry-after']);
  const named = Number.isFinite(seconds) && seconds > 0 ? seconds : undefined;
  const retryAfter = named ?? (code === '21611' ? drainTime : undefined);
  return { scope: code === '14107' ? 'conversation' : 'channel', retryAfter };
}
