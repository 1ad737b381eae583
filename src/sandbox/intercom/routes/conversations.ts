import type { Json } from '../../types.ts';
import type { Conversation } from '../conversations.ts';
import { contactNotFound, invalid, missing, notFound } from '../errors.ts';
import { textToHtml } from '../html.ts';
import { type FieldReader, paginate, search } from '../search.ts';
import { type BodyFormat, conversationItem, conversationShape, seconds } from '../shapes.ts';
import { adminTopics } from '../topics.ts';
import type { Assignee } from '../types.ts';
import { atLeast } from '../version.ts';
import { authorOf, type Workspace } from '../workspace.ts';
import { readFiles } from './files.ts';
import type { ApiCall, Route } from './route.ts';

function read({ workspace, params }: ApiCall): Conversation {
  return workspace.conversation(params.conversation_id ?? '');
}

function formatOf({ query }: ApiCall): BodyFormat {
  return query.display_as === 'plaintext' ? 'plaintext' : 'html';
}

/** Answers with the message that opened the conversation, not with the conversation. */
async function create({ workspace, body, version }: ApiCall): Promise<Json> {
  const from = (body.from ?? {}) as Json;
  const contact = workspace.book.read(String(from.id), atLeast(version, '2.16'));
  if (typeof body.body !== 'string' || body.body.trim() === '') throw missing('body');
  const files = await readFiles(workspace, body);
  const { conversation } = workspace.open(contact, {
    author: authorOf(contact),
    html: textToHtml(body.body),
    files,
    viaApi: true,
  });
  return {
    type: 'user_message',
    id: conversation.source.id,
    created_at: seconds(conversation.createdAt),
    body: body.body,
    message_type: 'inapp',
    conversation_id: conversation.id,
  };
}

/** A teammate writes first. Unless asked for at once, the conversation begins only when the contact answers. */
function createMessage({ workspace, body }: ApiCall): Json {
  const from = (body.from ?? {}) as Json;
  const to = (Array.isArray(body.to) ? body.to[0] : body.to) as Json | undefined;
  const admin = workspace.admin(String(from.id));
  const contact = workspace.contacts.find(({ id }) => id === to?.id);
  if (!contact || contact.archived) throw contactNotFound();
  if (typeof body.body !== 'string' || body.body === '') throw missing('body');
  const message = { type: 'admin_message', subject: '', body: body.body, message_type: 'inapp' };
  if (body.create_conversation_without_contact_reply !== true) {
    return { ...message, id: workspace.takeMessageId(), created_at: seconds(workspace.now) };
  }
  const { conversation } = workspace.open(contact, {
    author: { ...admin, type: 'admin' },
    html: asHtml(body.body),
    viaApi: true,
  });
  return {
    ...message,
    id: conversation.source.id,
    created_at: seconds(conversation.createdAt),
    conversation_id: conversation.id,
  };
}

async function reply(call: ApiCall): Promise<Json> {
  const { workspace, body } = call;
  const byAdmin = body.type === 'admin';
  const author = byAdmin
    ? { ...workspace.admin(String(body.admin_id)), type: 'admin' as const }
    : authorOf(replyingContact(call));
  const conversation = conversationToReply(call, author.id);
  const files = await readFiles(workspace, body);
  const text = typeof body.body === 'string' ? body.body : '';
  const options = body.reply_options as { text: string; uuid: string }[] | undefined;
  if (text === '' && files.length === 0 && options === undefined) throw missing('body');
  const html = text === '' ? null : byAdmin ? asHtml(text) : textToHtml(text);
  const draft = { author, html, files, viaApi: true };
  if (!byAdmin) {
    const metadata = options?.[0] ? { metadata: { quick_reply_uuid: options[0].uuid } } : {};
    workspace.addContactReply(conversation, { ...draft, ...metadata });
  } else {
    const asked = String(body.message_type);
    const type = asked === 'comment' && conversation.state !== 'open' ? 'open' : asked;
    const part = { ...draft, type, ...(options ? { metadata: { quick_reply_options: options } } : {}) };
    workspace.addPart(conversation, part, adminTopics(part, conversation.state === 'snoozed'));
  }
  return conversationShape(conversation);
}

/** By Intercom id, external id or e-mail, whichever the body names. */
function replyingContact({ workspace, body, version }: ApiCall) {
  if (body.intercom_user_id !== undefined) {
    return workspace.book.read(String(body.intercom_user_id), atLeast(version, '2.16'));
  }
  const contact = workspace.contacts.find(
    ({ externalId, email }) =>
      (body.user_id !== undefined && externalId === body.user_id) || (body.email !== undefined && email === body.email),
  );
  if (!contact || contact.archived) throw contactNotFound();
  return contact;
}

/** `last` stands for the contact's newest conversation. */
function conversationToReply(call: ApiCall, authorId: string): Conversation {
  if (call.params.conversation_id !== 'last') return read(call);
  const last = call.workspace.conversations.findLast(({ contactIds }) => contactIds.includes(authorId));
  if (!last) throw notFound();
  return last;
}

function manage(call: ApiCall): Json {
  const { workspace, body } = call;
  const conversation = read(call);
  const type = String(body.message_type);
  if (!['close', 'open', 'snoozed', 'assignment'].includes(type)) throw invalid(`Unknown message_type ${type}`);
  const author = { ...workspace.admin(String(body.admin_id)), type: 'admin' as const };
  const html = typeof body.body === 'string' && body.body !== '' ? asHtml(body.body) : null;
  const part = {
    type,
    author,
    html,
    viaApi: true,
    ...(type === 'assignment' ? { assignedTo: assigneeOf(workspace, body) } : {}),
    ...(type === 'snoozed' ? { snoozedUntil: new Date(Number(body.snoozed_until) * 1000) } : {}),
  };
  workspace.addPart(conversation, part, adminTopics(part, conversation.state === 'snoozed'));
  return conversationShape(conversation);
}

function assigneeOf(workspace: Workspace, { type, assignee_id }: Json): Assignee {
  const id = String(assignee_id);
  if (id === '0') return { type: 'nobody' };
  return type === 'team' ? { type, id } : { type: 'admin', id: workspace.admin(id).id };
}

function update(call: ApiCall): Json {
  const { workspace, body } = call;
  const conversation = read(call);
  if (typeof body.read === 'boolean') conversation.read = body.read;
  if (typeof body.title === 'string') conversation.title = body.title;
  Object.assign(conversation.customAttributes, body.custom_attributes);
  conversation.updatedAt = workspace.now;
  workspace.core.changes.changed();
  return conversationShape(conversation, formatOf(call));
}

function remove(call: ApiCall): Json {
  const { id } = read(call);
  call.workspace.deleteConversation(id);
  return { id, object: 'conversation', deleted: true };
}

function redact({ workspace, body }: ApiCall): Json {
  const conversation = workspace.conversation(String(body.conversation_id));
  workspace.redact(conversation.id, String(body.conversation_part_id ?? body.source_id));
  return conversationShape(conversation);
}

function searchConversations({ workspace, body }: ApiCall): Json {
  if (body.query === undefined) throw missing('query');
  const visible = workspace.conversations.filter(({ indexed }) => indexed);
  const { page, pages, total } = paginate(search(visible, body.query, readField), body.pagination);
  return {
    type: 'conversation.list',
    conversations: page.map(conversation => conversationItem(conversation)),
    total_count: total,
    pages,
  };
}

const readField: FieldReader<Conversation> = (conversation, field) => {
  switch (field) {
    case 'id':
      return conversation.id;
    case 'contact_ids':
      return conversation.contactIds;
    case 'state':
      return conversation.state;
    case 'open':
      return conversation.state !== 'closed';
    case 'created_at':
      return seconds(conversation.createdAt);
    case 'updated_at':
      return seconds(conversation.updatedAt);
    case 'source.id':
      return conversation.source.id;
    case 'source.body':
      return conversation.source.html;
    case 'source.delivered_as':
      return conversation.deliveredAs;
    case 'admin_assignee_id':
      return conversation.assignee.type === 'admin' ? (conversation.assignee.id ?? null) : null;
    case 'tag_ids':
      return [...conversation.tagIds.keys()];
    default:
      return undefined;
  }
};

/** Teammates' bodies may hold HTML; plain words become a paragraph. */
function asHtml(body: string): string {
  return /<[a-z][^>]*>/i.test(body) ? body : textToHtml(body);
}

const one = '/conversations/{conversation_id}';

export const conversationRoutes: Route[] = [
  { operation: 'searchConversations', method: 'POST', path: '/conversations/search', handle: searchConversations },
  { operation: 'redactConversation', method: 'POST', path: '/conversations/redact', handle: redact },
  { operation: 'createConversation', method: 'POST', path: '/conversations', handle: create },
  {
    operation: 'retrieveConversation',
    method: 'GET',
    path: one,
    handle: call => conversationShape(read(call), formatOf(call)),
  },
  { operation: 'updateConversation', method: 'PUT', path: one, handle: update },
  { operation: 'deleteConversation', method: 'DELETE', path: one, handle: remove },
  { operation: 'replyConversation', method: 'POST', path: `${one}/reply`, handle: reply },
  { operation: 'manageConversation', method: 'POST', path: `${one}/parts`, handle: manage },
  { operation: 'createMessage', method: 'POST', path: '/messages', handle: createMessage },
];
