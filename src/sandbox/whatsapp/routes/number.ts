import type { Json } from '../../types.ts';
import { GraphBreach, invalid, missing } from '../errors.ts';
import { type Node, select } from '../field-selection.ts';
import { verifyCallback } from '../handshake.ts';
import { uploadProblem } from '../limits.ts';
import { lifetimes } from '../media.ts';
import { object } from '../messages/fields.ts';
import { sendMessage } from '../messages/send.ts';
import type { BusinessNumber } from '../number.ts';
import type { GraphCall, Route } from './route.ts';

export const phoneNumberNode: Node = {
  type: 'WhatsAppBusinessPhoneNumber',
  usual: [
    'verified_name',
    'code_verification_status',
    'display_phone_number',
    'quality_rating',
    'platform_type',
    'throughput',
    'last_onboarded_time',
    'webhook_configuration',
  ],
  without: [
    'certificate',
    'new_certificate',
    'conversational_automation',
    'eligibility_for_api_business_global_search',
    'health_status',
    'host_platform',
    'is_preverified_number',
    'search_visibility',
    'username',
  ],
};

/** The number as the Graph API reads it. */
export function viewOf(number: BusinessNumber): Json {
  const { account, callback } = number;
  const webhooks = {
    ...(callback ? { phone_number: callback.url } : {}),
    ...(account.callback ? { whatsapp_business_account: account.callback.url } : {}),
    ...(account.app.callback ? { application: account.app.callback.url } : {}),
  };
  return {
    id: number.phoneNumberId,
    display_phone_number: number.display,
    verified_name: number.verifiedName,
    ...number.facts,
    webhook_configuration: webhooks,
  };
}

const readNumber = (number: BusinessNumber, { query }: GraphCall): Json =>
  select(phoneNumberNode, viewOf(number), query.fields);

/** Of all that can be changed here, the double knows the callback; an empty address takes it away. */
async function changeNumber(number: BusinessNumber, { body }: GraphCall): Promise<Json> {
  const unknown = Object.keys(body).find(name => name !== 'webhook_configuration');
  if (unknown !== undefined) throw invalid(`The double does not know how to change ${unknown}`);
  const { override_callback_uri: url, verify_token: verifyToken } = object(body, 'webhook_configuration');
  if (typeof url !== 'string') throw missing('override_callback_uri');
  if (url === '') {
    number.callback = undefined;
  } else {
    if (typeof verifyToken !== 'string' || verifyToken === '') throw missing('verify_token');
    await verifyCallback({ url, verifyToken });
    number.callback = { url, verifyToken };
  }
  number.account.core.changes.changed();
  return { success: true };
}

function register(number: BusinessNumber, { body }: GraphCall): Json {
  if (!/^\d{6}$/.test(String(body.pin))) throw invalid('pin must have six digits');
  number.facts.status = 'CONNECTED';
  number.account.core.changes.changed();
  return { success: true };
}

function upload(number: BusinessNumber, { body, files }: GraphCall): Json {
  needProduct(body);
  const { file } = files;
  if (!file) throw new GraphBreach(400, 100, '(#100) The parameter file is required.');
  const problem = uploadProblem(file.bytes, file.mime);
  if (problem !== undefined) throw new GraphBreach(400, 100, problem);
  const { phoneNumberId, account } = number;
  const store = account.app.directory.media;
  const { mediaId } = store.add({ phoneNumberId, bytes: file.bytes, mime: file.mime, lifetime: lifetimes.uploaded });
  return { id: mediaId };
}

/** A message, or word that one has been read. */
function postMessage(number: BusinessNumber, { body }: GraphCall): Json | Promise<Json> {
  needProduct(body);
  return body.status === 'read' ? markAsRead(number, body) : sendMessage(number, body);
}

function markAsRead(number: BusinessNumber, { message_id: id }: Json): Json {
  const message = number.customers.map(customer => customer.find(String(id))).find(found => found?.from === 'customer');
  if (!message) {
    throw new GraphBreach(400, 131009, '(#131009) Parameter value is not valid', { details: 'Message ID is invalid' });
  }
  message.seen = true;
  number.account.core.changes.changed();
  return { success: true };
}

function needProduct(body: Json): void {
  if (body.messaging_product === 'whatsapp') return;
  throw new GraphBreach(400, 100, "(#100) The parameter messaging_product is required and must be 'whatsapp'.");
}

export const numberRoutes: readonly Route<BusinessNumber>[] = [
  { operation: 'getPhoneNumberById', method: 'GET', handle: readNumber },
  { operation: 'updatePhoneNumberStatus', method: 'POST', checked: true, handle: changeNumber },
  {
    operation: 'registerWhatsAppBusinessPhoneNumber',
    method: 'POST',
    edge: 'register',
    checked: true,
    handle: register,
  },
  { operation: 'sendMessage', method: 'POST', edge: 'messages', checked: true, handle: postMessage },
  { operation: 'uploadImage', method: 'POST', edge: 'media', handle: upload },
];
