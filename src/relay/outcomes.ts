import { type Client, type Pool, transaction } from '../db/pool.ts';
import { toJson } from '../kit/json.ts';
import { type Attempt, recordAttempt } from './attempts.ts';
import type { ChannelConnection, WorkspaceConnection } from './connections.ts';
import { recordConsent } from './consent.ts';
import type { Finished, Item, Lane } from './lanes/lane.ts';
import { type Message, rememberDeliveries } from './messages.ts';
import { finishDelivered } from './store/statements.ts';
import { linkThread } from './threads.ts';

/** A piece of a customer's message that the platform has taken. */
export interface Outcome {
  lane: Lane;
  item: Item;
  message: Message;
  workspace: WorkspaceConnection;
  channel: ChannelConnection;
  attempt: Attempt;
  piece: number;
  /** What it made there. */
  ids: readonly string[];
  thread: string;
}

/**
 * Records last pieces, finishes their items and gives their lanes back, in one commit for all. The result is undefined in
 * the place of a lane that is no longer ours: of that nothing is written.
 */
export async function recordOutcomes(pool: Pool, outcomes: readonly Outcome[]): Promise<(Finished | undefined)[]> {
  const rows = toJson(outcomes.map(rowOf));
  const rare = outcomes.filter(changesMore);
  const finish = async (db: Pick<Client, 'query'>) => {
    const finished = await db.query<Finished & { token: string; conversation_id: string }>(finishDelivered, [rows]);
    return new Map(finished.rows.map(row => [`${row.conversation_id} ${row.token}`, { more: row.more }]));
  };
  const held =
    rare.length === 0
      ? await finish(pool)
      : await transaction(pool, async client => {
          const done = await finish(client);
          for (const outcome of rare) if (done.has(keyOf(outcome))) await recordChanges(client, outcome);
          return done;
        });
  return outcomes.map(outcome => held.get(keyOf(outcome)));
}

/** Records a piece after which others follow; in the caller's transaction, which holds the lane. */
export async function recordPiece(client: Client, outcome: Outcome, rest: unknown[]): Promise<void> {
  const { message, attempt, piece, ids } = outcome;
  await rememberDeliveries(client, message, 'platform', piece, ids);
  await recordAttempt(client, message, attempt);
  await client.query(
    `update messages set rest = $3, pieces = $4, doubt_since = null, failure = null
     where workspace_id = $1 and id = $2`,
    [message.workspace_id, message.id, JSON.stringify(rest), piece + 1],
  );
  if (message.thread_id !== outcome.thread) await linkThread(client, outcome.workspace, message, outcome.thread);
}

function keyOf({ lane }: Outcome): string {
  return `${lane.conversationId} ${lane.token}`;
}

function rowOf({ lane, item, message, attempt, piece, ids }: Outcome) {
  return {
    workspace_id: lane.workspaceId,
    conversation_id: lane.conversationId,
    token: lane.token,
    seq: item.seq,
    message_id: message.id,
    channel_id: message.channel_id,
    piece,
    ids,
    started_at: attempt.startedAt.toISOString(),
    milliseconds: Date.now() - attempt.startedAt.getTime(),
    exchanges: attempt.exchanges,
  };
}

/** What few deliveries bring along: a new thread, and news of the contact. */
function changesMore(outcome: Outcome): boolean {
  const { message } = outcome;
  return message.thread_id !== outcome.thread || message.conversation_referral !== null || optsIn(outcome);
}

async function recordChanges(client: Client, outcome: Outcome): Promise<void> {
  const { message, workspace, channel, thread } = outcome;
  if (message.thread_id !== thread) await linkThread(client, workspace, message, thread);
  if (message.conversation_referral) {
    await client.query('update conversations set referral = null where workspace_id = $1 and id = $2', [
      message.workspace_id,
      message.conversation_id,
    ]);
  }
  if (optsIn(outcome)) await recordConsent(client, channel, 'opted_in', message.external_id);
}

/** Where writing again is consent, as the channel says. */
function optsIn({ message, channel }: Outcome): boolean {
  return message.opted_out && channel.adapter.capabilities(channel.config).messageOptsIn === true;
}
