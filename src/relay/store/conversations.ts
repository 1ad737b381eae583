import type { Event, MessageEvent } from '../../contract/event.ts';
import type { Sender } from '../../contract/message.ts';
import { newId } from '../../db/ids.ts';
import type { Client } from '../../db/pool.ts';
import { toJson } from '../../kit/json.ts';
import type { AnyConnection, ChannelConnection } from '../connections.ts';
import * as sql from './statements.ts';

export interface Conversation {
  id: string;
  workspaceId: string;
  channelId: string;
  contactId: string;
}

export interface Located {
  source: AnyConnection;
  event: Event;
}

interface Row {
  id: string;
  workspace_id: string;
  channel_id: string;
  contact_id: string;
  address: string;
  address_key: string;
  thread_id: string | null;
  external_id: string;
  name: string | null;
  username: string | null;
  phone: string | null;
}

type Locate = (source: AnyConnection, event: Event) => Conversation | undefined;
type PlaceOf = (source: AnyConnection, event: Event) => string | undefined;

/**
 * Finds the conversation of each event: on a channel by address, made when a customer writes for the first time; on a
 * platform by thread. Returns a look-up for them. `moved` says where chats went, by channel id and old
 * address key.
 */
export async function findConversations(
  client: Client,
  located: readonly Located[],
  moved: ReadonlyMap<string, string>,
): Promise<Locate> {
  const placeOf = (source: AnyConnection, event: Event) => {
    const address = addressIn(event);
    if (address === undefined || source.side === 'workspace') return address;
    const key = addressKey(source, address);
    return moved.get(`${source.id} ${key}`) ?? key;
  };
  const found = new Map<string, Conversation>();
  const remember = (sourceId: string, place: string, row: Row) =>
    found.set(`${sourceId} ${place}`, {
      id: row.id,
      workspaceId: row.workspace_id,
      channelId: row.channel_id,
      contactId: row.contact_id,
    });

  for (const row of await byAddress(client, located, placeOf)) remember(row.channel_id, row.address_key, row);
  for (const row of await byThread(client, located, placeOf)) {
    if (row.thread_id !== null) remember(row.workspace_id, row.thread_id, row);
  }
  return (source, event) => {
    const place = placeOf(source, event);
    return place === undefined ? undefined : found.get(`${source.id} ${place}`);
  };
}

/** What is equal for all spellings of an address. */
export function addressKey(channel: ChannelConnection, address: string): string {
  return channel.adapter.addressKey?.(address) ?? address;
}

/** Where an event happened, for those that belong to a conversation's order. */
function addressIn(event: Event): string | undefined {
  // Receipts take effect at once: they only move forward, so order does not matter, and a busy lane must not delay them.
  if (event.type === 'receipt') return undefined;
  return 'conversation' in event ? event.conversation : undefined;
}

/** Only these make a conversation; a reaction or an edit of something we never saw does not. */
function opens(event: Event): event is MessageEvent {
  return event.type === 'message' || event.type === 'echo' || event.type === 'conversation_started';
}

interface Wanted {
  channel: ChannelConnection;
  /** As the provider last spelt it. */
  address: string;
  key: string;
  opener?: MessageEvent;
}

async function byAddress(client: Client, located: readonly Located[], placeOf: PlaceOf): Promise<Row[]> {
  const wanted = new Map<string, Wanted>();
  for (const { source, event } of located) {
    const key = placeOf(source, event);
    const address = addressIn(event);
    if (source.side !== 'channel' || key === undefined || address === undefined) continue;
    const entry = wanted.get(`${source.id} ${key}`) ?? { channel: source, address, key };
    wanted.set(`${source.id} ${key}`, { ...entry, address, ...(opens(event) ? { opener: event } : {}) });
  }
  if (wanted.size === 0) return [];
  const places = toJson([...wanted.values()].map(({ channel, key }) => ({ channel_id: channel.id, address_key: key })));
  const { rows } = await client.query<Row>(sql.findByAddress, [places]);
  const known = new Map(rows.map(row => [`${row.channel_id} ${row.address_key}`, row]));

  await respell(client, wanted, known);
  const news = [...wanted.entries()].flatMap(([place, entry]) => {
    const row = known.get(place);
    const contact = entry.opener && contactOf(entry.channel, entry.opener);
    return contact && (!row || saysMore(contact, row)) ? [{ ...entry, contact, isNew: !row }] : [];
  });
  if (news.length === 0) return rows;

  const contacts = new Map(news.map(({ contact }) => [`${contact.workspace_id} ${contact.external_id}`, contact]));
  await client.query(sql.upsertContacts, [toJson([...contacts.values()])]);
  const created = news.filter(entry => entry.isNew);
  if (created.length === 0) return rows;
  await client.query(sql.insertConversations, [
    toJson(
      created.map(({ channel, address, key, contact, opener }) => ({
        workspace_id: channel.workspaceId,
        id: newId(),
        account_id: channel.accountId,
        channel_id: channel.id,
        address,
        address_key: key,
        external_id: contact.external_id,
        is_group: opener?.group !== undefined,
      })),
    ),
  ]);
  return (await client.query<Row>(sql.findByAddress, [places])).rows;
}

/** Only a message says how its sender wants to be spelt. */
async function respell(
  client: Client,
  wanted: ReadonlyMap<string, Wanted>,
  known: ReadonlyMap<string, Row>,
): Promise<void> {
  const respelt = [...wanted].flatMap(([place, { channel, address, key, opener }]) => {
    const row = known.get(place);
    const differs = row !== undefined && row.address !== address && addressKey(channel, address) === key;
    return opener && differs ? [{ channel_id: channel.id, address, address_key: key }] : [];
  });
  if (respelt.length > 0) await client.query(sql.respell, [toJson(respelt)]);
}

async function byThread(client: Client, located: readonly Located[], placeOf: PlaceOf): Promise<Row[]> {
  const threads = located.flatMap(({ source, event }) => {
    const thread = placeOf(source, event);
    return source.side === 'workspace' && thread !== undefined ? [{ workspace_id: source.id, thread_id: thread }] : [];
  });
  if (threads.length === 0) return [];
  return (await client.query<Row>(sql.findByThread, [toJson(threads)])).rows;
}

interface NewContact {
  workspace_id: string;
  id: string;
  account_id: string;
  external_id: string;
  name: string | null;
  username: string | null;
  phone: string | null;
  language: string | null;
}

/** A group is one contact: the inbox shows one person per conversation, and the group's name is the truest one. */
function contactOf(channel: ChannelConnection, event: MessageEvent): NewContact {
  const person: Pick<Sender, 'id' | 'name' | 'username' | 'phone' | 'language'> = event.group ?? customerOf(event);
  return {
    workspace_id: channel.workspaceId,
    id: newId(),
    account_id: channel.accountId,
    external_id: channel.adapter.externalId(person.id, channel.config),
    name: person.name ?? null,
    username: person.username ?? null,
    phone: person.phone ?? null,
    language: person.language ?? null,
  };
}

/** In an echo the business is the sender, so the address is all that is known of the customer. */
function customerOf(event: MessageEvent): Sender {
  return event.sender?.kind === 'customer' ? event.sender : { id: event.conversation, kind: 'customer' };
}

function saysMore(contact: NewContact, row: Row): boolean {
  return (['name', 'username', 'phone'] as const).some(
    field => contact[field] !== null && contact[field] !== row[field],
  );
}
