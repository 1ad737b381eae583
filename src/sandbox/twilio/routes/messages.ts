import type { Answer } from '../../vendor.ts';
import { notFound, TwilioBreach, TwilioError } from '../errors.ts';
import { list, text } from '../form.ts';
import type { Message } from '../message.ts';
import { accept, carry, type Order } from '../outbound.ts';
import { AlphaSender } from '../sender.ts';
import { isAddress } from './lines.ts';
import { page } from './pages.ts';
import type { ApiCall, Route } from './route.ts';

const host = 'api.twilio.com';
const folder = '/2010-04-01/Accounts/{AccountSid}/Messages';

/** The most that one message may have: UTF-16 units of text, files, and seconds to wait in the queue. */
const limits = { body: 1600, media: 10, validity: 36_000 };

export const messageRoutes: Route[] = [
  { operation: 'CreateMessage', host, method: 'POST', path: `${folder}.json`, handle: create },
  {
    operation: 'ListMessage',
    host,
    method: 'GET',
    path: `${folder}.json`,
    handle(call) {
      const wanted = call.account.messages.filter(message => fits(message, call.query));
      return page(call, 'messages', wanted.map(({ raw }) => raw).reverse());
    },
  },
  {
    operation: 'FetchMessage',
    host,
    method: 'GET',
    path: `${folder}/{Sid}.json`,
    handle({ account, params, path }) {
      const message = account.messages.find(({ sid }) => sid === params.Sid);
      if (!message) throw notFound(path);
      return { status: 200, body: message.raw };
    },
  },
];

async function create({ account, form }: ApiCall): Promise<Answer> {
  const order = readOrder({ account, form });
  if (account.optOuts.has(order.from ?? order.sender, order.to)) {
    throw new TwilioError(400, 21610, 'Attempt to send to unsubscribed recipient');
  }
  const message = accept(account, order);
  // The answer is of the first moment; the double has the rest happen before it is given.
  const body = message.raw;
  await carry(message, order.sender, order.mediaUrls);
  return { status: 201, body };
}

/** @throws TwilioError */
function readOrder({ account, form }: Pick<ApiCall, 'account' | 'form'>): Order {
  const to = text(form, 'To');
  const body = text(form, 'Body') ?? '';
  const mediaUrls = list(form, 'MediaUrl');
  const statusCallback = text(form, 'StatusCallback');
  const validity = Number(text(form, 'ValidityPeriod') ?? limits.validity);
  if (to === undefined) throw new TwilioBreach(21604, "A 'To' phone number is required.");
  if (text(form, 'ContentSid') !== undefined) throw new TwilioBreach(21655, 'The double knows no content templates');
  if (body === '' && mediaUrls.length === 0) throw new TwilioBreach(21602, 'Message body is required.');
  if (body.length > limits.body) {
    throw new TwilioBreach(21617, 'The concatenated message body exceeds the 1600 character limit.');
  }
  if (mediaUrls.length > limits.media) throw new TwilioBreach(21623, 'Number of media files exceeds allowed limit');
  const wrong = mediaUrls.find(url => !isAddress(url));
  if (wrong !== undefined) throw new TwilioBreach(21620, `Invalid media URL(s): ${wrong}`);
  if (statusCallback !== undefined && !isAddress(statusCallback)) {
    throw new TwilioBreach(21609, `Invalid 'StatusCallback': ${statusCallback}`);
  }
  if (validity < 1 || validity > limits.validity) throw new TwilioBreach(21624, 'Invalid validity period value');
  if (!/^\+[1-9]\d{6,14}$/.test(to)) throw new TwilioError(400, 21211, `Invalid 'To' Phone Number: ${to}`);
  const senders = readSender({ account, form }, to);
  const line = senders.from ?? senders.sender.line;
  if (mediaUrls.length > 0 && line && 'mms' in line && !line.mms) {
    throw new TwilioError(400, 21621, "The 'From' number has not been enabled for MMS");
  }
  const callback = statusCallback ?? senders.statusCallback;
  return { direction: 'outbound-api', ...senders, to, body, mediaUrls, statusCallback: callback };
}

/** From a number, code or name of the account; from a service; or from a particular sender of a service. */
function readSender(
  { account, form }: Pick<ApiCall, 'account' | 'form'>,
  to: string,
): Pick<Order, 'sender' | 'from' | 'serviceSid' | 'statusCallback'> {
  const address = text(form, 'From');
  const serviceSid = text(form, 'MessagingServiceSid');
  const from = address === undefined ? undefined : account.sender(address);
  if (address !== undefined && !from) {
    throw new TwilioError(400, 21606, `The 'From' phone number ${address} is not a valid message-capable number`);
  }
  if (from instanceof AlphaSender && to.startsWith('+1')) {
    throw new TwilioError(400, 21612, 'Names are not carried to this country');
  }
  if (serviceSid === undefined) {
    if (!from) throw new TwilioBreach(21603, "A 'From' or 'MessagingServiceSid' parameter is required.");
    return { sender: from };
  }
  const service = account.services.find(({ sid }) => sid === serviceSid);
  if (!service) throw new TwilioError(404, 21701, 'The Messaging Service does not exist');
  if (!service.line) throw new TwilioError(400, 21704, 'The Messaging Service contains no phone numbers');
  if (from && !service.lines.some(line => line === from)) {
    throw new TwilioError(400, 21711, `${address} is not associated to the specified Messaging Service`);
  }
  return { sender: service, from, serviceSid, statusCallback: service.statusCallback ?? undefined };
}

function fits(message: Message, query: Readonly<Record<string, string>>): boolean {
  const at = message.sentAt ?? message.createdAt;
  const day = (value: string) => /^\d{4}-\d\d-\d\d$/.test(value);
  const from = (value: string) => at >= new Date(value);
  const until = (value: string) => at.getTime() < new Date(value).getTime() + (day(value) ? 86_400_000 : 1000);
  const { To, From, DateSent, 'DateSent>': after, 'DateSent<': before } = query;
  return (
    (To === undefined || message.to === To) &&
    (From === undefined || message.from === From) &&
    (after === undefined || from(after)) &&
    (before === undefined || until(before)) &&
    (DateSent === undefined || (from(DateSent) && until(DateSent)))
  );
}
