import type { Context } from '../../contract/adapter.ts';
import type { DeliverResult, Delivery } from '../../contract/platform.ts';
import { type Dict, dict, id } from '../../kit/read.ts';
import { asAdmin } from './admins.ts';
import { type Answer, call, type Refusal } from './api.ts';
import { writeHtml } from './body.ts';
import { type Composed, composeOpening, composeReply } from './compose.ts';
import { lookUp } from './contacts.ts';
import { dicts } from './dicts.ts';
import type { IntercomConfig } from './manifest.ts';
import { partsOf } from './parts.ts';

type C = Context<IntercomConfig>;
type Undelivered = Extract<DeliverResult, { ok: false }>;

/** Seconds until a contact or conversation made just now can be seen by every call. */
const propagation = 3;

/** Opens the conversation, or appends to it, as the customer (or as the business, for what it sent from elsewhere). */
export async function deliver(delivery: Delivery, context: C): Promise<DeliverResult> {
  const { thread } = delivery;
  if (thread === undefined) return open(delivery, context);
  const composed = await composeReply(delivery.parts, context);
  if ('failure' in composed) return { ok: false, failure: composed.failure };
  const post = delivery.as === 'customer' ? replyAsContact : replyAsAdmin;
  let answer = await post(delivery, thread, composed, context);
  if (!answer.ok && composed.body === '' && answer.failure.class === 'content') {
    // The specification requires a body and does not say whether it may be empty beside files.
    answer = await post(delivery, thread, { ...composed, body: composed.standIn }, context);
  }
  if (!answer.ok) return refusedReply(answer, delivery, thread, context);
  return { ok: true, thread, ids: newestBy(delivery, answer.body), ...restOf(composed) };
}

function replyAsContact(delivery: Delivery, thread: string, composed: Composed, context: C): Promise<Answer> {
  return call(context, {
    method: 'POST',
    path: `/conversations/${encodeURIComponent(thread)}/reply`,
    json: {
      message_type: 'comment',
      type: 'user',
      intercom_user_id: delivery.contact,
      body: composed.body,
      ...filesOf(composed),
    },
    creates: true,
  });
}

function replyAsAdmin(_delivery: Delivery, thread: string, composed: Composed, context: C): Promise<Answer> {
  return asAdmin(context, adminId =>
    call(context, {
      method: 'POST',
      path: `/conversations/${encodeURIComponent(thread)}/reply`,
      json: {
        message_type: 'comment',
        type: 'admin',
        admin_id: adminId,
        body: writeHtml(composed.body),
        ...filesOf(composed),
      },
      creates: true,
    }),
  );
}

function filesOf(composed: Composed): { attachment_files?: Composed['files'] } {
  return composed.files.length === 0 ? {} : { attachment_files: composed.files };
}

function restOf(composed: Composed): { rest?: Composed['rest'] } {
  return composed.rest.length === 0 ? {} : { rest: composed.rest };
}

/** The answer holds the conversation; the newest part on the side we posted for is the one just made. */
function newestBy(delivery: Delivery, conversation: Dict): string[] {
  const made = partsOf(conversation).findLast(
    part => wroteIt(delivery, dict(part.author)) && part.part_type !== 'note',
  );
  return [id(made?.id)].filter(partId => partId !== undefined);
}

/** Whether a part or source may be this delivery, by its author. */
export function wroteIt(delivery: Delivery, author: Dict | undefined): boolean {
  return delivery.as === 'customer' ? id(author?.id) === delivery.contact : author?.type === 'admin';
}

async function open(delivery: Delivery, context: C): Promise<DeliverResult> {
  const composed = composeOpening(delivery.parts);
  const answer =
    delivery.as === 'customer'
      ? await openAsContact(delivery.contact, composed.body, context)
      : await openAsAdmin(delivery.contact, composed.body, context);
  if (!answer.ok) return refusedOpening(answer, delivery, context);
  const message = id(answer.body.id);
  // `id` is the message's; taking it for the conversation's makes every later call a 404.
  const thread = id(answer.body.conversation_id) ?? (await threadOf(message, context));
  if (thread === undefined) {
    const failure = { class: 'temporary', message: 'Intercom does not say which conversation it opened.' } as const;
    return { ok: false, failure: { ...failure, unconfirmed: true, retryAfter: propagation } };
  }
  return { ok: true, thread, ids: message === undefined ? [] : [message], ...restOf(composed) };
}

async function openAsContact(contact: string, body: string, context: C): Promise<Answer> {
  const post = (type: 'user' | 'lead') =>
    call(context, {
      method: 'POST',
      path: '/conversations',
      json: { from: { type, id: contact }, body },
      creates: true,
    });
  const answer = await post('user');
  if (answer.ok || answer.failure.status !== 404) return answer;
  // Those we make are users; someone found by phone may be a lead.
  const { role } = await lookUp(contact, context);
  return role === 'lead' ? post('lead') : answer;
}

/** An in-app message; `create_conversation_without_contact_reply` makes it a conversation before the contact answers. */
async function openAsAdmin(contact: string, body: string, context: C): Promise<Answer> {
  const { role = 'user' } = await lookUp(contact, context);
  return asAdmin(context, adminId =>
    call(context, {
      method: 'POST',
      path: '/messages',
      json: {
        message_type: 'in_app',
        body: writeHtml(body),
        from: { type: 'admin', id: Number(adminId) },
        to: { type: role, id: contact },
        create_conversation_without_contact_reply: true,
      },
      creates: true,
    }),
  );
}

async function threadOf(message: string | undefined, context: C): Promise<string | undefined> {
  if (message === undefined) return undefined;
  const json = { query: { field: 'source.id', operator: '=', value: message } };
  const answer = await call(context, { method: 'POST', path: '/conversations/search', json });
  return answer.ok ? id(dicts(answer.body.conversations)[0]?.id) : undefined;
}

/** A 404 does not say what is missing: the conversation, the contact, or neither yet for every server. */
async function refusedReply(refusal: Refusal, delivery: Delivery, thread: string, context: C): Promise<Undelivered> {
  const { failure } = refusal;
  if (failure.status === 403 && failure.code !== 'api_plan_restricted' && delivery.as === 'customer') {
    // Workspaces can forbid replies to old conversations: then a new one is the way.
    return { ok: false, failure, forget: 'thread' };
  }
  if (failure.code === 'conversation_not_found') return goneThread(refusal);
  if (failure.class !== 'invalid_recipient' || failure.status !== 404)
    return refusedOpening(refusal, delivery, context);
  const conversation = await call(context, { method: 'GET', path: `/conversations/${encodeURIComponent(thread)}` });
  if (!conversation.ok && conversation.failure.status === 404) return goneThread(refusal);
  const refused = await refusedOpening(refusal, delivery, context);
  const stranger = conversation.ok && !takesPart(conversation.body, delivery.contact);
  return refused.forget === undefined && stranger ? goneThread(refusal) : refused;
}

/** A contact made anew after a merge is no party to the conversation of the one before. */
function takesPart(conversation: Dict, contact: string): boolean {
  const contacts = dicts(dict(conversation.contacts)?.contacts);
  return contacts.length === 0 || contacts.some(entry => id(entry.id) === contact);
}

function goneThread({ failure }: Refusal): Undelivered {
  return { ok: false, failure: { ...failure, class: 'temporary' }, forget: 'thread' };
}

async function refusedOpening({ failure }: Refusal, delivery: Delivery, context: C): Promise<Undelivered> {
  if (failure.class !== 'invalid_recipient') return { ok: false, failure };
  const waiting = { ...failure, class: 'temporary', retryAfter: propagation } as const;
  const gone = failure.status === 410 || (await lookUp(delivery.contact, context)).gone;
  return gone ? { ok: false, failure: waiting, forget: 'contact' } : { ok: false, failure: waiting };
}
