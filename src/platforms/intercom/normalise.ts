import type { RawRequest } from '../../contract/adapter.ts';
import type { Event, MessageEvent, ThreadEvent } from '../../contract/event.ts';
import { type Dict, dict, id, list, number, text, unixTime } from '../../kit/read.ts';
import { readBody } from './body.ts';
import type { IntercomConfig } from './manifest.ts';
import { type Notification, readNotification } from './notification.ts';
import { partEvent, partsOf, redaction, senderOf } from './parts.ts';

/** What a topic can bring. Topics that are not here are unknown; those with an empty entry are known and not used. */
interface TopicRule {
  /** Which parts may be meant for the customer: also those that close, open or assign, or comments alone. */
  speaks?: 'every part' | 'comments';
  /** What happened to the thread itself. */
  thread?: ThreadEvent['type'][];
  /** Anything of its own. */
  read?(notification: Notification): Event | undefined;
}

/**
 * Every topic that matters here, in the vendor's spelling; older versions spell some differently.
 * @see https://developers.intercom.com/docs/references/webhooks/webhook-models
 */
const topics: Readonly<Record<string, TopicRule>> = {
  'conversation.admin.replied': { speaks: 'every part' },
  'conversation.operator.replied': { speaks: 'every part' },
  'ticket.admin.replied': { speaks: 'every part' },
  'conversation.admin.closed': { speaks: 'every part', thread: ['conversation_closed'] },
  'conversation.admin.opened': { speaks: 'every part', thread: ['conversation_opened'] },
  // Text given while assigning is a word between colleagues. A reply that also assigns comes as admin.replied as well.
  'conversation.admin.assigned': { speaks: 'comments', thread: ['assigned'] },
  'conversation.admin.open.assigned': { speaks: 'comments', thread: ['conversation_opened', 'assigned'] },
  'conversation.admin.snoozed': { thread: ['conversation_snoozed'] },
  'conversation.admin.unsnoozed': { thread: ['conversation_opened'] },
  'conversation.deleted': { thread: ['conversation_deleted'] },
  'conversation.admin.single.created': { read: started },
  'conversation_part.redacted': { read: redacted },
  'contact.merged': { read: merged },
  'contact.deleted': { read: gone },
  'contact.archived': { read: gone },
  'contact.archive': { read: gone },
  ping: {},
  'admin.removed_from_workspace': {},
  'contact.lead.created': {},
  'contact.lead.signed_up': {},
  'contact.lead.updated': {},
  'contact.unarchive': {},
  'contact.unarchived': {},
  'contact.user.created': {},
  'contact.user.updated': {},
  'conversation.admin.noted': {},
  'conversation.contact.attached': {},
  'conversation.contact.detached': {},
  'conversation.priority.updated': {},
  'conversation.rating.added': {},
  'conversation.read': {},
  'conversation.user.created': {},
  'conversation.user.replied': {},
  'conversation_part.tag.created': {},
  'ticket.contact.replied': {},
  'ticket.note.created': {},
  'ticket.state.updated': {},
};

/** A webhook as events. What carries nothing for the customer is kept as `ignored`, what is not understood as `unknown`. */
export function normalise(request: RawRequest, config: Pick<IntercomConfig, 'appId'>): Event[] {
  const notification = readNotification(request);
  if ('unreadable' in notification) {
    return [{ type: 'unknown', key: notification.key, kind: notification.unreadable }];
  }
  const { topic, appId } = notification;
  if (appId !== undefined && config.appId !== undefined && appId !== config.appId) {
    return [aside(notification, 'ignored', `${topic} of another workspace`)];
  }
  const rule = Object.hasOwn(topics, topic) ? topics[topic] : undefined;
  if (rule === undefined) return [aside(notification, 'unknown', topic)];
  const events = [...spoken(notification, rule), ...threadEvents(notification, rule), rule.read?.(notification)].filter(
    event => event !== undefined,
  );
  return events.length === 0 ? [aside(notification, 'ignored', topic)] : events;
}

function aside(notification: Notification, type: 'ignored' | 'unknown', kind: string): Event {
  return { type, key: `${notification.key}:${type}`, kind, ...when(notification) };
}

function when(notification: Notification): { at?: string } {
  return notification.at === undefined ? {} : { at: notification.at };
}

/** Some notifications wrap what they speak of once more, or speak of a part and name its conversation. */
function threadOf(item: Dict): string | undefined {
  const own = item.type === 'conversation_part' ? undefined : id(item.id);
  return own ?? id(dict(item.ticket)?.id) ?? id(dict(item.conversation)?.id) ?? id(item.conversation_id);
}

function spoken(notification: Notification, rule: TopicRule): Event[] {
  const conversation = threadOf(notification.item);
  if (rule.speaks === undefined || conversation === undefined) return [];
  const setting = { conversation, statePartsSpeak: rule.speaks === 'every part' };
  return recentParts(notification).flatMap(part => partEvent(part, setting) ?? []);
}

/** Seconds. */
const recent = 15 * 60;

/**
 * A conversation's notification holds only the part that caused it, a ticket's can hold the whole history: its older parts
 * were said before anybody asked to have them sent. Those said just now may be there for the first time.
 */
function recentParts({ topic, item, at }: Notification): Dict[] {
  const parts = partsOf({ ...dict(item.ticket), ...item });
  if (!topic.startsWith('ticket.') || parts.length < 2 || at === undefined) return parts;
  const oldest = Date.parse(at) / 1000 - recent;
  return parts.filter(part => (number(part.created_at) ?? 0) >= oldest);
}

function threadEvents(notification: Notification, rule: TopicRule): Event[] {
  const conversation = threadOf(notification.item);
  if (conversation === undefined) return [];
  return (rule.thread ?? []).map(type => ({
    type,
    key: `${notification.key}:${type}`,
    conversation,
    ...when(notification),
  }));
}

/** Conversations that Intercom itself carries to the customer: sent again, they would arrive twice. */
const carriedByIntercom = new Set([
  'email',
  'facebook',
  'instagram',
  'phone_call',
  'phone_switch',
  'push',
  'sms',
  'twitter',
  'whatsapp',
]);

/** A teammate began a conversation: its first message is the source, there is no part. */
function started({ item, at }: Notification): MessageEvent | undefined {
  const conversation = threadOf(item);
  const source = dict(item.source);
  const sender = senderOf(dict(source?.author));
  if (conversation === undefined || source === undefined || sender === undefined) return undefined;
  if (source.redacted === true || carriedByIntercom.has(text(source.type) ?? '')) return undefined;
  const parts = readBody(source);
  if (parts.length === 0) return undefined;
  const contact = id(dict(list(dict(item.contacts)?.contacts)[0])?.id);
  const time = unixTime(item.created_at) ?? at;
  return {
    type: 'message',
    key: `source:${conversation}`,
    id: id(source.id) ?? `source:${conversation}`,
    conversation,
    sender,
    parts,
    ...(contact === undefined ? {} : { contact }),
    ...(time === undefined ? {} : { at: time }),
  };
}

/** Something was taken away in the inbox. Of the customer's own words nothing was sent anywhere, nor of a note. */
function redacted({ item }: Notification): Event | undefined {
  const conversation = threadOf(item);
  const part = partsOf(item).find(({ author }) => senderOf(dict(author)) !== undefined);
  const partId = id(part?.id);
  if (conversation === undefined || partId === undefined || part?.part_type === 'note') return undefined;
  return redaction(partId, conversation);
}

/**
 * The item is the survivor; `merged_from` names who was absorbed. Where it is missing, the external id that the survivor
 * carries now tells which of our customers is meant.
 */
function merged(notification: Notification): Event | undefined {
  const { item } = notification;
  const to = id(item.id);
  const from = id(dict(item.merged_from)?.id) ?? text(item.external_id);
  if (to === undefined || from === undefined) return undefined;
  return { type: 'contact_merged', key: `${notification.key}:contact_merged`, from, to, ...when(notification) };
}

function gone(notification: Notification): Event | undefined {
  const contact = id(notification.item.id);
  if (contact === undefined) return undefined;
  return { type: 'contact_gone', key: `${notification.key}:contact_gone`, contact, ...when(notification) };
}
