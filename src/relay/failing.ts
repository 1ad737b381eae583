import type { Failure } from '../contract/failure.ts';
import { failureRules } from '../kit/failure.ts';
import { type Attempt, decide, recordAttempt } from './attempts.ts';
import type { AnyConnection } from './connections.ts';
import type { Item, Lane, Stop } from './lanes/lane.ts';
import type { Message } from './messages.ts';
import { announceConnections } from './notices.ts';
import type { Path } from './path.ts';
import { recordStatus } from './status.ts';
import { addToLanes } from './store/lanes.ts';

/**
 * A try failed: writes it down, tells whom it concerns, and says what the lane does. `at` is the side that refused: its
 * credentials, limits and status are what the failure speaks of.
 */
export async function afterFailure(
  path: Path,
  lane: Lane,
  item: Item,
  message: Message,
  at: AnyConnection,
  attempt: Attempt & { failure: Failure },
): Promise<Stop | undefined> {
  const { failure } = attempt;
  const decision = decide(failure, {
    lane,
    canFind: at.adapter.find !== undefined,
    retryBaseMs: path.retryBaseMs,
    parkFor: at.id,
    now: new Date(),
  });
  path.logger[failureRules[failure.class].log](
    { messageId: message.id, conversationId: message.conversation_id, at: at.identity, failure },
    'a try failed',
  );
  path.metrics.attempt(
    at.side === 'channel' ? at.kind : at.platform,
    failure.unconfirmed ? 'unconfirmed' : failure.class,
  );
  if (failure.class === 'auth') await markDisconnected(path, at, failure);
  if (failure.class === 'rate_limited' && failure.scope === 'channel') await pause(path, at, failure.retryAfter ?? 1);

  if (decision.next === 'wait') {
    await lane.write(async client => {
      await recordAttempt(client, message, attempt, decision.retryAt);
      if (decision.doubt) {
        await client.query(
          'update messages set doubt_since = coalesce(doubt_since, $3) where workspace_id = $1 and id = $2',
          [message.workspace_id, message.id, attempt.startedAt],
        );
      }
    });
    return decision.stop;
  }

  await lane.finish(item, async client => {
    await recordAttempt(client, message, attempt);
    await client.query('update messages set status = $3, failure = $4 where workspace_id = $1 and id = $2', [
      message.workspace_id,
      message.id,
      decision.status,
      decision.failure,
    ]);
    if (message.direction === 'outbound') {
      await addToLanes(client, [
        {
          conversation: {
            id: message.conversation_id,
            workspaceId: message.workspace_id,
            channelId: message.channel_id,
          },
          kind: 'report',
          messageId: message.id,
          event: { status: decision.status },
        },
      ]);
    }
  });
  path.metrics.message(message.direction === 'outbound' ? 'outbound' : 'inbound', decision.status);
  return undefined;
}

/** The credentials are refused: everybody sees it, and the lanes of this side wait for a reconnect. */
export async function markDisconnected(path: Path, at: AnyConnection, failure: Failure): Promise<void> {
  await recordStatus(path.pool, at, {
    status: 'disconnected',
    reason: failure.message,
    advice: failureRules.auth.admin,
  });
  path.connections.forget();
  await announceConnections(path.pool);
}

async function pause(path: Path, at: AnyConnection, seconds: number): Promise<void> {
  if (at.side !== 'channel') return;
  await path.pool.query(
    `update channels set paused_until = greatest(paused_until, now() + make_interval(secs => $2)) where id = $1`,
    [at.id, seconds],
  );
  path.connections.forget();
  await announceConnections(path.pool);
}
