import type { Failure, FailureClass } from '../contract/failure.ts';

/** An Error that carries a typed failure across a throw. */
export class FailureError extends Error {
  readonly failure: Failure;
  constructor(failure: Failure, options?: ErrorOptions) {
    super(failure.message, options);
    this.name = 'FailureError';
    this.failure = failure;
  }
}

/** The failure an error stands for; anything untyped is `unknown` and keeps its message. */
export function failureOf(error: unknown): Failure {
  if (error instanceof FailureError) return error.failure;
  return { class: 'unknown', message: error instanceof Error ? error.message : String(error) };
}

/** What the relay does about a failure, and what people are told. */
export interface FailureRule {
  /** `backoff`: try again for up to 72 hours; `wait`: after the time named; `reconnect`: once someone reconnected; `never`. */
  retry: 'backoff' | 'wait' | 'reconnect' | 'never';
  /** Most tries where 72 hours would be senseless. */
  tries?: number;
  log: 'info' | 'warn' | 'error';
  /** For the person who wrote the message. */
  teammate: string;
  /** For the person who runs the channel. */
  admin: string;
}

/** The one table of retry rules and advice; docs/failures.md is checked against it. */
export const failureRules: Readonly<Record<FailureClass, FailureRule>> = {
  auth: {
    retry: 'reconnect',
    log: 'error',
    teammate:
      'The connection needs to be renewed. Ask an admin to reconnect it in Octopods; waiting messages then go out by themselves.',
    admin: 'Reconnect with a valid token. Nothing is lost: what waits is delivered afterwards.',
  },
  rate_limited: {
    retry: 'wait',
    log: 'info',
    teammate: 'The provider asked us to slow down. The message goes out by itself shortly.',
    admin: 'Nothing to do. If it stays so for hours, ask the provider for a higher limit.',
  },
  opted_out: {
    retry: 'never',
    log: 'info',
    teammate:
      'The customer does not want messages on this channel. Reach them another way, or wait until they write again.',
    admin: 'Nothing to do: the customer lifts it by writing again.',
  },
  window_closed: {
    retry: 'never',
    log: 'info',
    teammate:
      'The time for free replies is over on this channel. Send an approved template, or wait until the customer writes again.',
    admin: 'Nothing to do.',
  },
  invalid_recipient: {
    retry: 'never',
    log: 'info',
    teammate:
      'The provider does not know this recipient. Check the number or address; on some channels the customer must write first.',
    admin: 'Nothing to do unless it happens to every recipient.',
  },
  unreachable: {
    retry: 'never',
    log: 'info',
    teammate: 'The customer cannot be reached on this channel any more. Try another way.',
    admin: 'Nothing to do.',
  },
  media: {
    retry: 'never',
    log: 'warn',
    teammate:
      'The attachment could not be delivered: its type or size is not taken here. Send it as another type, smaller, or as a link.',
    admin: 'See the channel’s capabilities for the types and sizes it takes.',
  },
  content: {
    retry: 'never',
    log: 'warn',
    teammate: 'The provider refused this content. Change it and send it again.',
    admin: 'Look at the vendor’s answer in the message’s trace.',
  },
  too_long: {
    retry: 'never',
    log: 'warn',
    teammate: 'The message is too long for this channel. Send it in shorter pieces.',
    admin: 'Nothing to do.',
  },
  expired: {
    retry: 'never',
    log: 'warn',
    teammate: 'The message waited too long and was not sent. Send it again if it still matters.',
    admin: 'Look at the channel’s history for what held it back.',
  },
  policy: {
    retry: 'never',
    log: 'warn',
    teammate: 'The provider’s rules do not allow this message.',
    admin: 'Look at the vendor’s answer in the message’s trace and at its policy pages.',
  },
  temporary: {
    retry: 'backoff',
    log: 'warn',
    teammate: 'The provider has a disturbance. The message is tried again by itself.',
    admin: 'Nothing to do unless it lasts: look at the vendor’s status page.',
  },
  config: {
    retry: 'never',
    log: 'error',
    teammate: 'The channel is not set up completely. Ask an admin to check it in Octopods.',
    admin: 'Open the channel and use “check now”: it says what is missing.',
  },
  unknown: {
    retry: 'backoff',
    tries: 5,
    log: 'error',
    teammate: 'The message could not be delivered for a reason we do not know yet. It is tried again by itself.',
    admin: 'Look at the vendor’s answer in the message’s trace.',
  },
};
