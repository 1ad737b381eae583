import type { Json } from '../../types.ts';
import { ChatMessage } from '../chat-message.ts';
import type { Customer } from '../customer.ts';
import { badValue, failures, GraphBreach, missing } from '../errors.ts';
import { lengths } from '../limits.ts';
import type { BusinessNumber, StatusRecipient } from '../number.ts';
import type { Composed, Reader } from './composed.ts';
import { object, text } from './fields.ts';
import { readInteractive } from './interactive.ts';
import { mediaReaders } from './media.ts';
import { plainReaders, readContacts } from './plain.ts';
import { readTemplate } from './template.ts';

const readers: Record<string, Reader> = {
  ...plainReaders,
  ...mediaReaders,
  contacts: readContacts,
  interactive: readInteractive,
  template: readTemplate,
};

/** POST on a number's `messages`: a message to a customer. What becomes of it is told by webhooks, as the real one does. */
export async function sendMessage(number: BusinessNumber, body: Json): Promise<Json> {
  const callbackData = text(body, 'biz_opaque_callback_data', lengths.callbackData);
  const recipient = readRecipient(number, body);
  const { customer, input } = recipient;
  const type = typeof body.type === 'string' ? body.type : 'text';
  const reader = readers[type];
  if (!reader) throw new GraphBreach(400, 100, `(#100) Param type must be one of {${Object.keys(readers).join(', ')}}`);
  if (body[type] === undefined) throw missing(type);
  const composed = await reader(type === 'contacts' ? body : object(body, type), { type, number, customer });

  const quoted = object(body, 'context').message_id;
  const replyTo = typeof quoted === 'string' && customer?.find(quoted) ? quoted : undefined;
  const about = { id: number.takeMessageId(), from: 'business', at: number.now, replyTo, callbackData } as const;
  const message = new ChatMessage({ ...about, raw: { ...body, type } }, composed.content);
  const failure = number.takeFailure() ?? composed.failure ?? refusalOf(customer, type);
  if (failure) {
    number.tellFailure(message, recipient.status, failure);
  } else if (customer) {
    if (composed.apply) composed.apply();
    else customer.add(message);
    for (const receipt of number.receipts) number.tellStatus(message, customer, receipt);
  }
  return {
    messaging_product: 'whatsapp',
    contacts: [{ input, ...recipient.found }],
    messages: [{ id: message.id, ...(type === 'template' ? { message_status: 'accepted' } : {}) }],
  };
}

/** Why a message that was accepted does not arrive. */
function refusalOf(customer: Customer | undefined, type: string): Composed['failure'] {
  if (!customer || customer.blocking) return failures.undeliverable;
  return type === 'template' || customer.windowOpen ? undefined : failures.windowClosed;
}

interface Recipient {
  /** As the caller wrote it. */
  input: string;
  /** As the answer tells it. */
  found: Json;
  customer: Customer | undefined;
  status: StatusRecipient;
}

/** The phone in `to` stands before the user id in `recipient`; a user id in `to` reaches nobody. */
function readRecipient(number: BusinessNumber, { to, recipient, recipient_type }: Json): Recipient {
  if (recipient_type !== undefined && recipient_type !== 'individual') {
    throw badValue(`recipient_type ${recipient_type} is unknown here`);
  }
  if (to !== undefined) {
    const digits = String(to).replace(/[\s()+-]/g, '');
    if (!/^\d{5,15}$/.test(digits)) throw badValue('Recipient is not a valid phone number');
    if (digits === number.digits)
      throw new GraphBreach(400, 131021, '(#131021) Sender and recipient cannot be the same');
    const customer = number.findCustomer(digits);
    return reached(String(to), customer, { wa_id: customer?.waId ?? digits }, { recipient_id: digits }, number);
  }
  if (typeof recipient !== 'string') throw missing('to');
  if (!/^[A-Z]{2}\.[A-Za-z0-9.]{1,128}$/.test(recipient)) throw badValue('Recipient is not a valid user id');
  const customer = number.findCustomer(recipient);
  return reached(recipient, customer, { user_id: recipient }, { recipient_user_id: recipient }, number);
}

/** Of a failed message Meta tells the bare id: neither name nor anything else. */
function reached(
  input: string,
  customer: Customer | undefined,
  found: Json,
  unknown: Json,
  { phoneNumberId }: BusinessNumber,
): Recipient {
  const lane = customer?.lane ?? `${phoneNumberId}:${input}`;
  return { input, customer, found, status: { lane, contact: found, recipient: customer?.recipient ?? unknown } };
}
