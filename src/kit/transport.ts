import type { Dispatcher } from 'undici';
import { FailureError } from './failure.ts';

export interface Answer {
  status: number;
  /** Lower-case names; repeated headers joined with ", ". */
  headers: Record<string, string>;
  bytes: Uint8Array;
}

export interface SendOptions {
  dispatcher: Dispatcher;
  request: Dispatcher.DispatchOptions;
  /** Ends the exchange wherever it stands, also while it waits for a connection. */
  signal: AbortSignal;
  maxBytes: number;
  /** The request goes onto its connection: up to here it can have had no effect at the other end. */
  onSent(): void;
}

/**
 * One request and its answer, over undici's lowest interface: the only one that tells when the first byte leaves.
 * @throws the connection's error, the signal's reason, or a {@link FailureError} of class `media` for an answer too large.
 */
export function send({ dispatcher, request, signal, maxBytes, onSent }: SendOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    let running: Dispatcher.DispatchController | undefined;
    let status = 0;
    let headers: Record<string, string> = {};
    const chunks: Buffer[] = [];
    let size = 0;

    const end = () => {
      running?.abort(reasonOf(signal));
      reject(reasonOf(signal));
    };
    const settle = <T>(how: (value: T) => void, value: T) => {
      signal.removeEventListener('abort', end);
      how(value);
    };
    signal.addEventListener('abort', end, { once: true });

    dispatcher.dispatch(request, {
      onRequestStart(controller) {
        // Its time was over before there was a connection.
        if (signal.aborted) return controller.abort(reasonOf(signal));
        running = controller;
        onSent();
      },
      onResponseStart(controller, code, raw) {
        status = code;
        headers = joined(raw);
        if (request.method !== 'HEAD' && Number(headers['content-length']) > maxBytes)
          controller.abort(tooLarge(maxBytes));
      },
      onResponseData(controller, chunk) {
        size += chunk.length;
        if (size > maxBytes) controller.abort(tooLarge(maxBytes));
        else chunks.push(chunk);
      },
      onResponseEnd: () => settle(resolve, { status, headers, bytes: Buffer.concat(chunks) }),
      onResponseError: (_controller, error) => settle(reject, error),
    });
  });
}

function reasonOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error
    ? signal.reason
    : new Error('The exchange was ended.', { cause: signal.reason });
}

function tooLarge(limit: number): FailureError {
  return new FailureError({ class: 'media', message: `The answer is larger than ${limit} bytes.` });
}

function joined(raw: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(raw)) {
    if (value !== undefined) headers[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}
