import type { Failure } from '../contract/failure.ts';
import type { Queryable } from '../db/pool.ts';
import type { ChannelConnection } from './connections.ts';
import type { Message } from './messages.ts';

/**
 * Whether the time for free replies is over, by what the channel declares and when the customer last wrote: known before
 * anything is sent, so that the teammate is told at once.
 */
export async function windowClosed(
  db: Queryable,
  channel: ChannelConnection,
  message: Pick<Message, 'conversation_id'>,
): Promise<Failure | undefined> {
  const hours = channel.adapter.capabilities(channel.config).windowHours;
  if (hours === undefined) return undefined;
  const { rows } = await db.query<{ open: boolean }>(
    `select at > now() - make_interval(hours => $2) as open from messages
     where conversation_id = $1 and direction = 'inbound' order by created_at desc limit 1`,
    [message.conversation_id, hours],
  );
  if (rows[0]?.open) return undefined;
  return {
    class: 'window_closed',
    message: `${channel.label} lets a business answer for ${hours} hours after the customer’s last message.`,
  };
}
