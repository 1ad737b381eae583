import type { FaultKind } from '../types.ts';
import type { Answer } from '../vendor.ts';

/** An answer with `ok: false`. The description is what the wire shows, first word included. */
export class TelegramError extends Error {
  readonly status: number;
  readonly parameters: Record<string, unknown> | undefined;

  constructor(status: number, description: string, parameters?: Record<string, unknown>) {
    super(description);
    this.status = status;
    this.parameters = parameters;
  }

  get answer(): Answer {
    return {
      status: this.status,
      body: {
        ok: false,
        error_code: this.status,
        description: this.message,
        ...(this.parameters ? { parameters: this.parameters } : {}),
      },
    };
  }
}

/** A 400 for what no careful caller sends; noted as a breach of the contract. */
export class TelegramBreach extends TelegramError {
  constructor(description: string) {
    super(400, `Bad Request: ${description}`);
  }
}

export function badRequest(description: string, parameters?: Record<string, unknown>): TelegramError {
  return new TelegramError(400, `Bad Request: ${description}`, parameters);
}

/** Telegram's words for a status that nothing more is known of. */
const words: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden: bot was blocked by the user',
  404: 'Not Found',
  409: 'Conflict: terminated by other getUpdates request',
  413: 'Request Entity Too Large',
  429: 'Too Many Requests: retry after 1',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
};

export function refusal(status: number): Answer {
  const parameters = status === 429 ? { retry_after: 1 } : undefined;
  return new TelegramError(status, words[status] ?? `Error ${status}`, parameters).answer;
}

/** For a fault rule: 429 with `retry_after` in seconds. */
export function telegramTooManyRequests(retryAfter: number): FaultKind {
  const { status, body } = new TelegramError(429, `Too Many Requests: retry after ${retryAfter}`, {
    retry_after: retryAfter,
  }).answer;
  return { kind: 'answer', status, body };
}
