import { randomBytes } from 'node:crypto';
import type { FaultKind, Json } from '../types.ts';
import type { Answer } from '../vendor.ts';
import type { WhatsAppFailure } from './types.ts';

interface ErrorDetail {
  type?: string;
  subcode?: number;
  /** What is wrong, in `error_data.details`; the messages API alone gives it. */
  details?: string;
}

/** An answer of the Graph API with `error`. */
export class GraphError extends Error {
  readonly status: number;
  readonly code: number;
  readonly detail: ErrorDetail;

  constructor(status: number, code: number, message: string, detail: ErrorDetail = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.detail = detail;
  }

  get answer(): Answer {
    const { type = 'OAuthException', subcode, details } = this.detail;
    return {
      status: this.status,
      body: {
        error: {
          message: this.message,
          type,
          code: this.code,
          ...(subcode === undefined ? {} : { error_subcode: subcode }),
          ...(details === undefined ? {} : { error_data: { messaging_product: 'whatsapp', details } }),
          fbtrace_id: `A${randomBytes(16).toString('base64url')}`,
        },
      },
    };
  }
}

/** A 400 for what no careful caller sends; noted as a breach of the contract. */
export class GraphBreach extends GraphError {}

/** A parameter is missing, misspelt or of the wrong kind. */
export const invalid = (details: string) => new GraphBreach(400, 100, '(#100) Invalid parameter', { details });
/** A required parameter of the messages API is missing. */
export const missing = (name: string) =>
  new GraphBreach(400, 131008, '(#131008) Required parameter is missing', { details: `${name} is required` });
/** A value that the messages API does not take. */
export const badValue = (details: string) =>
  new GraphBreach(400, 131009, '(#131009) Parameter value is not valid', { details });

/** Meta does not say which: it is not there, or the token may not see it. */
export const noSuchObject = (method: string, id: string) =>
  new GraphError(
    400,
    100,
    `Unsupported ${method.toLowerCase()} request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api`,
    { type: 'GraphMethodException', subcode: 33 },
  );

export const noToken = () =>
  new GraphError(401, 104, 'An access token is required to request this resource.', { type: 'OAuthException' });
export const badToken = () => new GraphError(401, 190, 'Invalid OAuth access token - Cannot parse access token');
export const revokedToken = () =>
  new GraphError(
    401,
    190,
    'Error validating access token: The session has been invalidated because the user changed their password or Facebook has changed the session for security reasons.',
    { subcode: 460 },
  );

/** Meta's titles of the codes that messages fail with. */
const titles: Record<number, string> = {
  130429: 'Rate limit hit',
  130472: "User's number is part of an experiment",
  131000: 'Something went wrong',
  131026: 'Message undeliverable',
  131047: 'Re-engagement message',
  131048: 'Spam rate limit hit',
  131049: 'This message was not delivered to maintain healthy ecosystem engagement.',
  131051: 'Message type unknown',
  131052: 'Media download error',
  131053: 'Media upload error',
  131056: '(Business Account, Consumer Account) pair rate limit hit',
};

const windowClosed =
  'Message failed to send because more than 24 hours have passed since the customer last replied to this number.';
const undeliverable = 'Message Undeliverable.';

export const failures = {
  windowClosed: { code: 131047, details: windowClosed },
  undeliverable: { code: 131026, details: undeliverable },
  media: (details: string): WhatsAppFailure => ({ code: 131053, details }),
} as const;

/** An error as `statuses[].errors[]` tells it. */
export function statusError({ code, title = titles[code] ?? 'Something went wrong', details }: WhatsAppFailure): Json {
  return {
    code,
    title,
    message: title,
    ...(details === undefined ? {} : { error_data: { details } }),
    href: 'https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/',
  };
}

/** Meta's code and words for a status that nothing more is known of. */
const usual: Record<number, [code: number, message: string]> = {
  400: [100, '(#100) Invalid parameter'],
  401: [190, 'Invalid OAuth access token - Cannot parse access token'],
  403: [10, '(#10) Application does not have permission for this action'],
  404: [803, '(#803) Some of the aliases you requested do not exist'],
  429: [130429, '(#130429) Rate limit hit'],
  500: [131000, '(#131000) Something went wrong'],
  503: [131016, '(#131016) Service unavailable'],
};

export function refusal(status: number): Answer {
  const [code, message] = usual[status] ?? [1, 'An unknown error occurred'];
  return new GraphError(status, code, message).answer;
}

/** For a fault rule: refused for now. 130429 is the number's throughput, 131056 one customer's, 4 and 80007 all calls. */
export function whatsappTooManyRequests(code: 4 | 80007 | 130429 | 131056 = 130429): FaultKind {
  const title = titles[code] ?? 'Application request limit reached';
  const { status, body } = new GraphError(code === 4 ? 403 : 429, code, `(#${code}) ${title}`).answer;
  return { kind: 'answer', status, body };
}
