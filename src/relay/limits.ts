import type { Capabilities, RateLimit } from '../contract/capabilities.ts';
import type { Queryable } from '../db/pool.ts';

/**
 * Takes a turn under a rate limit that all processes share, one row a subject: `tat` is the time at which the limit would be
 * unused again (the generic cell rate algorithm). Returns 0 when it may go now, else the seconds to wait; then no turn is
 * taken.
 */
async function takeTurn(db: Queryable, subject: string, limit: RateLimit): Promise<number> {
  const interval = limit.seconds / limit.count;
  const tolerance = limit.seconds - interval;
  const { rows } = await db.query<{ wait: number }>(
    `with turn as (
       insert into send_turns as r (subject, tat) values ($1, now() + make_interval(secs => $2))
       on conflict (subject) do update set tat = greatest(r.tat, now()) + make_interval(secs => $2)
       where r.tat <= now() + make_interval(secs => $3)
       returning 0::float8 as wait)
     select wait from turn
     union all
     select extract(epoch from tat - now())::float8 - $3 from send_turns
     where subject = $1 and not exists (select 1 from turn)`,
    [subject, interval, tolerance],
  );
  const wait = rows[0]?.wait;
  if (wait === 0) return 0;
  // Refused by a turn that was taken in this very moment, which this statement could not see yet.
  return wait !== undefined && wait > 0 ? wait : interval;
}

/** Seconds until this channel may send into this conversation again, by the limits it declares; 0 takes the turn. */
export async function waitForTurn(
  db: Queryable,
  capabilities: Capabilities,
  subject: { channelId: string; conversationId: string },
): Promise<number> {
  const { rates } = capabilities;
  const inConversation = rates?.conversation ? await takeTurn(db, subject.conversationId, rates.conversation) : 0;
  if (inConversation > 0) return inConversation;
  return rates?.channel ? takeTurn(db, subject.channelId, rates.channel) : 0;
}
