import type { Json } from '../types.ts';
import type { Contact } from './contacts.ts';
import type { Author, Conversation, Part } from './conversations.ts';
import type { StoredFile } from './downloads.ts';
import { htmlToText } from './html.ts';
import type { IntercomAdmin } from './types.ts';

/** Whether bodies are written as HTML, or as plain text (notifications from version 2.15 on, `display_as=plaintext`). */
export type BodyFormat = 'html' | 'plaintext';

export function adminShape(admin: IntercomAdmin): Json {
  return {
    type: 'admin',
    id: admin.id,
    name: admin.name,
    email: admin.email,
    away_mode_enabled: false,
    away_mode_reassign: false,
    has_inbox_seat: true,
    team_ids: [],
  };
}

/** Fields that a contact made over the API leaves empty. */
const emptyContactFields: Json = Object.fromEntries(
  [
    'owner_id',
    'signed_up_at',
    'last_seen_at',
    'last_contacted_at',
    'last_email_opened_at',
    'last_email_clicked_at',
    'language_override',
    'browser',
    'browser_version',
    'browser_language',
    'os',
  ].map(name => [name, null]),
);

export function contactShape(contact: Contact, workspaceId: string): Json {
  const list = (name: string) => ({
    type: 'list',
    data: [],
    url: `/contacts/${contact.id}/${name}`,
    total_count: 0,
    has_more: false,
  });
  return {
    type: 'contact',
    id: contact.id,
    workspace_id: workspaceId,
    external_id: contact.externalId,
    role: contact.role,
    email: contact.email,
    phone: contact.phone,
    name: contact.name,
    avatar: contact.avatar === null ? null : { type: 'avatar', image_url: contact.avatar },
    has_hard_bounced: false,
    marked_email_as_spam: false,
    unsubscribed_from_emails: false,
    created_at: seconds(contact.createdAt),
    updated_at: seconds(contact.updatedAt),
    last_replied_at: contact.lastRepliedAt ? seconds(contact.lastRepliedAt) : null,
    ...emptyContactFields,
    custom_attributes: contact.customAttributes,
    tags: list('tags'),
    notes: list('notes'),
    companies: list('companies'),
    location: { type: 'location', country: null, region: null, city: null },
    social_profiles: { type: 'list', data: [] },
  };
}

/** A conversation without its parts, as lists and searches give it. */
export function conversationItem(conversation: Conversation, format: BodyFormat = 'html'): Json {
  const { source, assignee } = conversation;
  const firstReply = conversation.timeline.find(part => isContact(part.author));
  return {
    type: 'conversation',
    id: conversation.id,
    title: conversation.title,
    created_at: seconds(conversation.createdAt),
    updated_at: seconds(conversation.updatedAt),
    waiting_since: waitingSince(conversation),
    snoozed_until: conversation.snoozedUntil ? seconds(conversation.snoozedUntil) : null,
    open: conversation.state !== 'closed',
    state: conversation.state,
    read: conversation.read,
    priority: 'not_priority',
    admin_assignee_id: assignee.type === 'admin' ? Number(assignee.id) : null,
    team_assignee_id: assignee.type === 'team' ? Number(assignee.id) : null,
    tags: {
      type: 'tag.list',
      tags: [...conversation.tagIds].map(([id, name]) => ({ type: 'tag', id, name })),
    },
    conversation_rating: null,
    source: {
      type: 'conversation',
      id: source.id,
      delivered_as: conversation.deliveredAs,
      subject: '',
      body: bodyOf(source, format) ?? '',
      author: authorShape(source.author),
      attachments: source.attachments.map(attachmentShape),
      url: null,
      redacted: source.redacted,
    },
    contacts: {
      type: 'contact.list',
      contacts: conversation.contacts.map(({ id, externalId }) => ({ type: 'contact', id, external_id: externalId })),
    },
    teammates: { type: 'admin.list', teammates: teammatesOf(conversation) },
    custom_attributes: conversation.customAttributes,
    first_contact_reply: firstReply ? { created_at: seconds(firstReply.at), type: 'conversation', url: null } : null,
    sla_applied: null,
    statistics: null,
    linked_objects: { type: 'list', data: [], total_count: 0, has_more: false },
    ai_agent_participated: conversation.timeline.some(part => part.author.ai === true),
    ai_agent: null,
  };
}

export function conversationShape(conversation: Conversation, format: BodyFormat = 'html'): Json {
  return { ...conversationItem(conversation, format), conversation_parts: partList(conversation.parts, format) };
}

/** As a notification carries it: of the parts only the one that caused it, and the teammates under another name. */
export function notifiedConversation(conversation: Conversation, causing: Part | undefined, format: BodyFormat): Json {
  return {
    ...conversationItem(conversation, format),
    teammates: { type: 'admin.list', admins: teammatesOf(conversation) },
    conversation_parts: partList(causing ? [causing] : [], format),
  };
}

function partList(parts: readonly Part[], format: BodyFormat): Json {
  return {
    type: 'conversation_part.list',
    conversation_parts: parts.map(part => partShape(part, format)),
    total_count: parts.length,
  };
}

function partShape(part: Part, format: BodyFormat): Json {
  const { assignedTo } = part;
  return {
    type: 'conversation_part',
    id: part.id,
    part_type: part.type,
    body: bodyOf(part, format),
    created_at: seconds(part.at),
    updated_at: seconds(part.at),
    notified_at: seconds(part.at),
    assigned_to:
      assignedTo === undefined || assignedTo.type === 'nobody' ? null : { type: assignedTo.type, id: assignedTo.id },
    author: authorShape(part.author),
    attachments: part.attachments.map(attachmentShape),
    external_id: null,
    redacted: part.redacted,
    metadata: part.metadata,
    email_message_metadata: null,
    app_package_code: part.viaApi ? 'sandbox-app' : null,
  };
}

function authorShape({ type, id, name, email, ai }: Author): Json {
  return {
    type,
    id,
    name,
    email,
    ...(type === 'bot' ? { from_ai_agent: ai ?? false, is_ai_answer: ai ?? false } : {}),
  };
}

function attachmentShape(file: StoredFile): Json {
  return {
    type: 'upload',
    name: file.name,
    url: file.url,
    content_type: file.mime,
    filesize: file.bytes.length,
  };
}

function bodyOf(part: Part, format: BodyFormat): string | null {
  return format === 'html' || part.html === null ? part.html : htmlToText(part.html);
}

function teammatesOf(conversation: Conversation): Json[] {
  const ids = conversation.timeline.flatMap(({ author }) => (author.type === 'admin' ? [author.id] : []));
  return [...new Set(ids)].map(id => ({ type: 'admin', id }));
}

/** When the contact began to wait: the first of their words that no teammate has answered. */
function waitingSince(conversation: Conversation): number | null {
  const talk = conversation.timeline.filter(part => part.type !== 'note' && hasContent(part));
  const answered = talk.findLastIndex(part => !isContact(part.author));
  const waiting = talk[answered + 1];
  return waiting && conversation.state === 'open' ? seconds(waiting.at) : null;
}

/** False for a bare change of state. */
function hasContent(part: Part): boolean {
  return part.text !== '' || part.attachments.length > 0;
}

export function isContact(author: Author): boolean {
  return author.type === 'user' || author.type === 'lead';
}

export function seconds(at: Date): number {
  return Math.floor(at.getTime() / 1000);
}
