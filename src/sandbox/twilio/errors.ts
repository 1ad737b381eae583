import type { FaultKind } from '../types.ts';
import type { Answer } from '../vendor.ts';

/** A refusal in the API's form: `{code, message, more_info, status}`. Codes as in the vendor's public list. */
export class TwilioError extends Error {
  readonly status: number;
  readonly code: number;

  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }

  get answer(): Answer {
    return {
      status: this.status,
      headers: this.status === 401 ? { 'www-authenticate': 'Basic realm="Twilio API"' } : {},
      body: {
        code: this.code,
        message: this.message,
        more_info: `https://www.twilio.com/docs/errors/${this.code}`,
        status: this.status,
      },
    };
  }
}

/** A 400 for what no careful caller sends; noted as a breach of the contract. */
export class TwilioBreach extends TwilioError {
  constructor(code: number, message: string) {
    super(400, code, message);
  }
}

export const unauthorised = () => new TwilioError(401, 20003, 'Authenticate');

export const notFound = (path: string) => new TwilioError(404, 20404, `The requested resource ${path} was not found`);

/** Twilio's code and words for a status that nothing more is known of. */
const usual: Record<number, [code: number, message: string]> = {
  400: [20001, 'Bad request'],
  401: [20003, 'Authenticate'],
  403: [20403, 'Forbidden'],
  404: [20404, 'The requested resource was not found'],
  429: [20429, 'Too Many Requests'],
  500: [20500, 'An internal server error has occurred'],
  503: [20503, 'Service unavailable'],
};

export function refusal(status: number): Answer {
  const [code, message] = usual[status] ?? [20500, `Error ${status}`];
  return new TwilioError(status, code, message).answer;
}

/** For a fault rule: a 400 with this code, as a send is refused. */
export function twilioRefusal(code: number, message = `Refused with ${code}`): FaultKind {
  return { kind: 'answer', ...new TwilioError(400, code, message).answer };
}

/** For a fault rule: 429 with `Retry-After` in seconds. */
export function twilioTooManyRequests(retryAfter: number): FaultKind {
  return { kind: 'answer', ...refusal(429), headers: { 'retry-after': String(retryAfter) } };
}
