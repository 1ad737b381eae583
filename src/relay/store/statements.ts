import { lanesNotice } from '../notices.ts';

/**
 * The hot statements: of the way in, and of what a delivery leaves behind. Each takes JSON arrays and works on the whole
 * group that shares a commit, so a busy second costs a handful of round trips, not thousands. Rows are locked in sorted
 * order everywhere, lanes before conversations: two groups that touch the same ones then wait for each other instead of
 * deadlocking.
 */

/** Keeps the keys not seen before and returns them; all others are redeliveries. */
export const rememberKeys = `
  insert into seen_events (source_id, key)
  select source_id, key from jsonb_to_recordset($1) as e (source_id uuid, key text)
  order by source_id, key
  on conflict do nothing
  returning source_id, key`;

/**
 * The conversations of these addresses, with what is known of the contact, to see whether anything about them is new. Each
 * `limit 1` keeps the planner from joining whole tables while their statistics are old.
 */
export const findByAddress = `
  select v.id, v.channel_id, v.address, v.address_key, v.workspace_id, v.contact_id, v.thread_id,
         c.external_id, c.name, c.username, c.phone
  from jsonb_to_recordset($1) as a (channel_id uuid, address_key text)
  cross join lateral (
    select * from conversations where channel_id = a.channel_id and address_key = a.address_key limit 1) v
  cross join lateral (
    select * from contacts where workspace_id = v.workspace_id and id = v.contact_id limit 1) c`;

export const upsertContacts = `
  insert into contacts (workspace_id, id, account_id, external_id, name, username, phone, language)
  select workspace_id, id, account_id, external_id, name, username, phone, language
  from jsonb_to_recordset($1) as c (workspace_id uuid, id uuid, account_id uuid, external_id text, name text,
       username text, phone text, language text)
  order by workspace_id, external_id
  on conflict (workspace_id, external_id) do update
  set name = coalesce(excluded.name, contacts.name), username = coalesce(excluded.username, contacts.username),
      phone = coalesce(excluded.phone, contacts.phone), language = coalesce(excluded.language, contacts.language),
      updated_at = now()`;

export const insertConversations = `
  insert into conversations (workspace_id, id, account_id, channel_id, contact_id, address, address_key, is_group)
  select n.workspace_id, n.id, n.account_id, n.channel_id, c.id, n.address, n.address_key, n.is_group
  from jsonb_to_recordset($1) as n (workspace_id uuid, id uuid, account_id uuid, channel_id uuid, address text,
       address_key text, external_id text, is_group boolean)
  join contacts c on c.workspace_id = n.workspace_id and c.external_id = n.external_id
  order by n.channel_id, n.address_key
  on conflict (channel_id, address_key) do nothing`;

/** The same address, spelt anew: the provider wants to be answered in its newest spelling. */
export const respell = `
  update conversations v set address = s.address
  from (select v.workspace_id, v.id, n.address
        from jsonb_to_recordset($1) as n (channel_id uuid, address text, address_key text)
        join conversations v on v.channel_id = n.channel_id and v.address_key = n.address_key
        order by v.workspace_id, v.id for update of v) s
  where v.workspace_id = s.workspace_id and v.id = s.id`;

/** The conversations of these threads: the way back from a platform's webhook. */
export const findByThread = `
  select v.id, v.channel_id, v.workspace_id, v.thread_id, v.address, v.contact_id
  from jsonb_to_recordset($1) as t (workspace_id uuid, thread_id text)
  join conversations v on v.workspace_id = t.workspace_id and v.thread_id = t.thread_id`;

/** Stores messages; their conversations move to the top of the list, and open again where a customer wrote ($2: which). */
export const insertMessages = `
  with stored as (
    insert into messages (workspace_id, id, account_id, channel_id, conversation_id, direction, status, remote_id, sender,
                          parts, reply_to, referral, forwarded_from, album, group_name, at)
    select workspace_id, id, account_id, channel_id, conversation_id, direction, status, remote_id, sender, parts,
           reply_to, referral, forwarded_from, album, group_name, at
    from jsonb_to_recordset($1) as m (workspace_id uuid, id uuid, account_id uuid, channel_id uuid, conversation_id uuid,
         direction text, status text, remote_id text, sender jsonb, parts jsonb, reply_to jsonb, referral jsonb,
         forwarded_from text, album text, group_name text, at timestamptz))
  update conversations v set last_message_at = now(), state = case when t.reopen then 'open' else v.state end
  from (select c.workspace_id, c.id, t.reopen
        from jsonb_to_recordset($2) as t (workspace_id uuid, id uuid, reopen boolean)
        join conversations c on c.workspace_id = t.workspace_id and c.id = t.id
        order by c.workspace_id, c.id for update of c) t
  where v.workspace_id = t.workspace_id and v.id = t.id`;

/** Hands out sequence numbers: returns each lane's last number after adding `items`. An idle lane becomes due, a parked one stays. */
export const extendLanes = `
  insert into lanes as l (workspace_id, conversation_id, channel_id, last_seq, due)
  select workspace_id, conversation_id, channel_id, items, now()
  from jsonb_to_recordset($1) as n (workspace_id uuid, conversation_id uuid, channel_id uuid, items bigint)
  order by workspace_id, conversation_id
  on conflict (workspace_id, conversation_id) do update
  set last_seq = l.last_seq + excluded.last_seq,
      due = case when l.due = 'infinity' and l.parked_for is null then now() else l.due end
  returning conversation_id, last_seq`;

/** Appends the items, and wakes the workers on commit. */
export const insertLaneItems = `
  with stored as (
    insert into lane_items (workspace_id, conversation_id, seq, kind, message_id, event)
    select workspace_id, conversation_id, seq, kind, message_id, event
    from jsonb_to_recordset($1) as i (workspace_id uuid, conversation_id uuid, seq bigint, kind text, message_id uuid,
         event jsonb))
  select pg_notify('${lanesNotice}', '')`;

/**
 * Bodies travel as base64 inside the JSON: one parameter for the whole group. That a webhook was called is remembered to the
 * minute: enough for people, and no row is rewritten per message.
 */
export const insertJournal = `
  with entry as (
    select * from jsonb_to_recordset($1) as j (id uuid, workspace_id uuid, source_id uuid, received_at timestamptz,
      method text, url text, headers jsonb, body text, events jsonb)),
  channel as (
    update channels set last_webhook_at = now()
    where id in (select source_id from entry) and coalesce(last_webhook_at, '-infinity') < now() - interval '1 minute'),
  workspace as (
    update workspaces set last_webhook_at = now()
    where id in (select source_id from entry) and coalesce(last_webhook_at, '-infinity') < now() - interval '1 minute')
  insert into journal (id, workspace_id, source_id, received_at, method, url, headers, body, events)
  select id, workspace_id, source_id, received_at, method, url, headers, decode(body, 'base64'), events from entry`;

export const insertWaiting = `
  insert into waiting_events (workspace_id, thread_id, id, event)
  select workspace_id, thread_id, id, event
  from jsonb_to_recordset($1) as w (workspace_id uuid, thread_id text, id uuid, event jsonb)`;

/**
 * Everything that a delivered message leaves behind, for as many as finish at the same time: the lane moves on and is given
 * back, the echo ledger, the trace and the message itself. Only for lanes whose token is still ours; those are returned.
 */
export const finishDelivered = `
  with outcome as (
    select * from jsonb_to_recordset($1) as o (workspace_id uuid, conversation_id uuid, token uuid, seq bigint,
      message_id uuid, channel_id uuid, piece int, ids text[], started_at timestamptz, milliseconds int, exchanges jsonb)),
  held as (
    select o.*
    from outcome o
    join lanes l on l.workspace_id = o.workspace_id and l.conversation_id = o.conversation_id
                and l.token = o.token and l.done_seq < o.seq
    order by l.workspace_id, l.conversation_id
    for update of l),
  ledger as (
    insert into deliveries (workspace_id, conversation_id, channel_id, remote_id, message_id, side, piece)
    select workspace_id, conversation_id, channel_id, unnest(ids), message_id, 'platform', piece from held
    on conflict (workspace_id, conversation_id, side, remote_id) do update set message_id = excluded.message_id),
  trace as (
    insert into message_attempts (workspace_id, message_id, no, started_at, milliseconds, ok, exchanges)
    select workspace_id, message_id,
           (select coalesce(max(no), 0) + 1 from message_attempts a
            where a.workspace_id = h.workspace_id and a.message_id = h.message_id),
           started_at, milliseconds, true, exchanges
    from held h),
  message as (
    update messages m
    set rest = '[]', pieces = h.piece + 1, doubt_since = null, status = 'delivered', delivered_at = now(), failure = null
    from held h
    where m.workspace_id = h.workspace_id and m.id = h.message_id)
  update lanes l
  set done_seq = h.seq, attempts = 0, failing_since = null, token = null, claimed_at = null,
      due = case when l.last_seq > h.seq then now() else 'infinity' end
  from held h
  where l.workspace_id = h.workspace_id and l.conversation_id = h.conversation_id
  returning l.conversation_id, h.token, l.last_seq > l.done_seq as more`;
