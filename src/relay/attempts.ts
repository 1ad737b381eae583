import type { Failure } from '../contract/failure.ts';
import type { Queryable } from '../db/pool.ts';
import { failureRules } from '../kit/failure.ts';
import type { Exchange } from '../kit/http.ts';
import { toJson } from '../kit/json.ts';
import { backoff, worthTrying } from './lanes/backoff.ts';
import type { Lane, Stop } from './lanes/lane.ts';
import type { Message } from './messages.ts';

export interface Attempt {
  startedAt: Date;
  failure?: Failure;
  exchanges: readonly Exchange[];
}

/** Writes one try into the message's trace. */
export async function recordAttempt(
  db: Queryable,
  message: Pick<Message, 'workspace_id' | 'id'>,
  attempt: Attempt,
  retryAt?: Date,
): Promise<void> {
  await db.query(
    `insert into message_attempts (workspace_id, message_id, no, started_at, milliseconds, ok, failure, retry_at, exchanges)
     select $1, $2, coalesce(max(no), 0) + 1, $3, $4, $5, $6, $7, $8
     from message_attempts where workspace_id = $1 and message_id = $2`,
    [
      message.workspace_id,
      message.id,
      attempt.startedAt,
      Date.now() - attempt.startedAt.getTime(),
      attempt.failure === undefined,
      attempt.failure ?? null,
      retryAt ?? null,
      toJson(attempt.exchanges),
    ],
  );
}

export type Decision =
  /** The lane waits with this message at its head. */
  | { next: 'wait'; stop: Stop; retryAt?: Date; doubt: boolean }
  /** Nobody tries again; the message ends so and the lane moves on. */
  | { next: 'end'; status: 'failed' | 'unconfirmed'; failure: Failure };

/**
 * What to do about a failed try. The rules are the failure's own; what is decided here is only how long it is worth it.
 * @param canFind whether the adapter can look up what an uncertain call did.
 */
export function decide(
  failure: Failure,
  state: {
    lane: Pick<Lane, 'attempts' | 'failingSince'>;
    canFind: boolean;
    retryBaseMs: number;
    parkFor: string;
    now: Date;
  },
): Decision {
  const rule = failureRules[failure.class];
  if (failure.unconfirmed && !state.canFind) return { next: 'end', status: 'unconfirmed', failure };
  if (rule.retry === 'reconnect') return { next: 'wait', stop: { stop: 'park', for: state.parkFor }, doubt: false };
  if (rule.retry === 'never' && !failure.unconfirmed) return { next: 'end', status: 'failed', failure };

  const failingFor = state.lane.failingSince ? state.now.getTime() - state.lane.failingSince.getTime() : 0;
  const tries = state.lane.attempts + 1;
  if (failingFor > worthTrying) {
    return {
      next: 'end',
      status: 'failed',
      failure: { ...failure, class: 'expired', message: `Tried for 72 hours. ${failure.message}` },
    };
  }
  if (rule.tries !== undefined && tries >= rule.tries) return { next: 'end', status: 'failed', failure };

  const seconds = failure.retryAfter ?? backoff(state.lane.attempts, state.retryBaseMs);
  return {
    next: 'wait',
    // A wait that the provider asked for is no failure of the message, but 72 hours of them are enough.
    stop: { stop: 'delay', seconds, counted: true },
    retryAt: new Date(state.now.getTime() + seconds * 1000),
    doubt: failure.unconfirmed === true,
  };
}
