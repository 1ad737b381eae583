import { randomUUID } from 'node:crypto';
import type { FaultKind } from '../types.ts';
import type { Answer } from '../vendor.ts';

/** An answer of type `error.list`. Codes as in the vendor's public list. */
export class IntercomError extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Record<string, string>;

  constructor(status: number, code: string, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }

  get answer(): Answer {
    return {
      status: this.status,
      headers: this.headers,
      body: { type: 'error.list', request_id: randomUUID(), errors: [{ code: this.code, message: this.message }] },
    };
  }
}

export const notFound = (message = 'Resource Not Found') => new IntercomError(404, 'not_found', message);
export const contactNotFound = () => notFound('User Not Found');
export const invalid = (message: string) => new IntercomError(400, 'parameter_invalid', message);
export const missing = (field: string) => new IntercomError(400, 'parameter_not_found', `${field} is required`);
export const unauthorized = () => new IntercomError(401, 'unauthorized', 'Access Token Invalid');

/** Intercom's code and words for a status that nothing more is known of. */
const usual: Record<number, [code: string, message: string]> = {
  400: ['parameter_invalid', 'Bad request'],
  401: ['unauthorized', 'Access Token Invalid'],
  403: ['action_forbidden', 'Forbidden'],
  404: ['not_found', 'Resource Not Found'],
  409: ['conflict', 'Conflict'],
  422: ['data_invalid', 'Invalid data'],
  429: ['rate_limit_exceeded', 'Exceeded rate limit'],
  500: ['server_error', 'An unknown error occurred'],
  503: ['service_unavailable', 'Sorry, the API service is temporarily unavailable'],
};

export function refusal(status: number): Answer {
  const [code, message] = usual[status] ?? ['server_error', `Error ${status}`];
  const headers = status === 429 ? exhausted(new Date(Date.now() + 1000)) : {};
  return new IntercomError(status, code, message, headers).answer;
}

/** For a fault rule: 429 until `reset`, told as the vendor does, in the X-RateLimit headers. */
export function intercomTooManyRequests(reset: Date): FaultKind {
  return { kind: 'answer', ...refusal(429), headers: exhausted(reset) };
}

function exhausted(reset: Date): Record<string, string> {
  return {
    'x-ratelimit-limit': '1667',
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': String(Math.ceil(reset.getTime() / 1000)),
  };
}
