import type { Database } from '../stage.ts';

/** Puts `messages` more delivered ones into a channel's past, which holds `after` already: ten a conversation, with all that goes along. */
export async function fill(database: Database, channelId: string, messages: number, after: number): Promise<void> {
  const step = 100_000;
  for (let from = after; from < after + messages; from += step) {
    await database.query(past, [channelId, from / 10, Math.min(after + messages, from + step) / 10 - 1]);
  }
  await database.query('vacuum analyze');
}

/** $1 the channel, $2 and $3 the first and last number of its conversations. Ids are made from numbers: readable, unique. */
const past = `
  with home as (select id, workspace_id, account_id from channels where id = $1),
  talk as (
    select h.*, n, md5('conversation ' || n)::uuid as conversation_id, md5('contact ' || n)::uuid as contact_id,
           now() - make_interval(secs => 10000000 - n) as at
    from home h, generate_series($2::int, $3::int) as n),
  contact as (
    insert into contacts (workspace_id, id, account_id, external_id, name, platform_contact_id)
    select workspace_id, contact_id, account_id, 'past:' || n, 'Customer ' || n, 'past-' || n from talk),
  conversation as (
    insert into conversations (workspace_id, id, account_id, channel_id, contact_id, address, address_key, thread_id, last_message_at)
    select workspace_id, conversation_id, account_id, id, contact_id, 'past' || n, 'past' || n, 'past' || n, at from talk),
  lane as (
    insert into lanes (workspace_id, conversation_id, channel_id, last_seq, done_seq)
    select workspace_id, conversation_id, id, 10, 10 from talk),
  word as (select t.*, i, md5('message ' || n || ' ' || i)::uuid as message_id from talk t, generate_series(1, 10) as i),
  seen as (insert into seen_events (source_id, key) select id, 'past ' || n || ' ' || i from word),
  item as (
    insert into lane_items (workspace_id, conversation_id, seq, kind, message_id)
    select workspace_id, conversation_id, i, 'deliver', message_id from word),
  ledger as (
    insert into deliveries (workspace_id, conversation_id, channel_id, remote_id, message_id, side, piece)
    select workspace_id, conversation_id, id, 'past ' || n || ' ' || i, message_id, 'platform', 0 from word),
  attempt as (
    insert into message_attempts (workspace_id, message_id, no, started_at, milliseconds, ok, exchanges)
    select workspace_id, message_id, 1, at, 5, true, '[{"url": "https://api.intercom.io/conversations/1/reply", "status": 200}]'
    from word),
  journal as (
    insert into journal (id, workspace_id, source_id, received_at, method, url, headers, body, events)
    select message_id, workspace_id, id, now(), 'POST', '/hooks/***', '{}', decode(repeat('7b', 300), 'hex'), '[]' from word)
  insert into messages (workspace_id, id, account_id, channel_id, conversation_id, direction, status, remote_id, sender, parts, rest, pieces, at, created_at, delivered_at)
  select workspace_id, message_id, account_id, id, conversation_id, 'inbound', 'delivered', i::text,
         jsonb_build_object('id', n::text, 'kind', 'customer'),
         jsonb_build_array(jsonb_build_object('kind', 'text', 'text', 'Words said long ago, number ' || i)), '[]', 1, at, at, at
  from word`;
