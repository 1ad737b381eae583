import type { Delivery } from '../types.ts';
import { type Keyword, keywordIn, ownAnswers } from './keywords.ts';
import type { Line } from './line.ts';
import { Message } from './message.ts';
import { postNotice } from './notices.ts';
import { accept, carry } from './outbound.ts';
import { countSegments } from './segments.ts';
import { readAnswer } from './twiml.ts';
import type { TwilioAct, TwilioFile } from './types.ts';

/** A person texts to a number or short code. */
export function receive(line: Line, from: string, { body, files }: { body: string; files: TwilioFile[] }): TwilioAct {
  const { account, service } = line;
  const message = new Message(account, {
    direction: 'inbound',
    from,
    to: line.address,
    body,
    numMedia: files.length,
    status: 'received',
    serviceSid: service?.sid,
  });
  message.sentAt = message.createdAt;
  message.media = files.map(file => account.store.add(account.sid, message.sid, file));
  account.messages.push(message);
  const keyword = keywordIn(body);
  const form = { ...formOf(message), ...(keyword && service?.advancedOptOut ? { OptOutType: keyword } : {}) };
  if (keyword) heed(line, from, keyword);
  return { sid: message.sid, form, delivery: postInbound(line, from, form) };
}

/** Twilio keeps the list of those who want no more, and answers them by itself. */
function heed(line: Line, phoneNumber: string, keyword: Keyword): void {
  const { account, address, service } = line;
  if (keyword === 'STOP') account.optOuts.add(line, phoneNumber);
  if (keyword === 'START') account.optOuts.lift(line, phoneNumber);
  const at = account.core.now();
  const own = { by: 'twilio', from: address, at, text: ownAnswers[keyword], media: [] } as const;
  account.arrive(phoneNumber, own, service?.sid);
}

function formOf({ account, sid, from, to, body, media, serviceSid }: Message): Record<string, string> {
  const address = from ?? '';
  return {
    ...place('To', to),
    ...place('From', address),
    SmsMessageSid: sid,
    SmsSid: sid,
    MessageSid: sid,
    SmsStatus: 'received',
    NumMedia: String(media.length),
    NumSegments: String(countSegments(body)),
    Body: body,
    To: to,
    From: address,
    AccountSid: account.sid,
    ApiVersion: '2010-04-01',
    ...(serviceSid === undefined ? {} : { MessagingServiceSid: serviceSid }),
    ...Object.fromEntries(
      media.flatMap(({ sid: mediaSid, mime }, index) => [
        [`MediaContentType${index}`, mime],
        [
          `MediaUrl${index}`,
          `https://api.twilio.com/2010-04-01/Accounts/${account.sid}/Messages/${sid}/Media/${mediaSid}`,
        ],
      ]),
    ),
  };
}

/** What Twilio tells of where a number is from. Cities are left empty, as they often are. */
function place(side: 'To' | 'From', address: string): Record<string, string> {
  const country = address.startsWith('+1') ? 'US' : '';
  return { [`${side}Country`]: country, [`${side}State`]: '', [`${side}City`]: '', [`${side}Zip`]: '' };
}

/** Posts an incoming message where the line's messages go, and does what the answer says. */
export function postInbound(line: Line, from: string, form: Readonly<Record<string, string>>): Delivery {
  if (line.smsMethod === 'GET') line.account.violate('received', 'SmsMethod is GET, and the double only posts');
  return postNotice(line.account, {
    operation: 'received',
    lane: `${line.address}:${from}`,
    url: line.inboundUrl,
    form,
    answered: answer => obey(line, from, answer),
  });
}

/** An answer can have something texted back: what is not meant to be is best noticed on the handset. */
function obey(line: Line, to: string, answer: { type: string; body: string }): void {
  const { account, service } = line;
  const { replies, problem } = readAnswer(answer);
  if (problem !== undefined) account.violate('received', problem);
  for (const { body, mediaUrls } of replies) {
    if (account.optOuts.has(line, to)) {
      account.violate('received', '21610 The answer texts to somebody who has opted out');
      continue;
    }
    const order = { direction: 'outbound-reply', sender: line, to, body, mediaUrls, serviceSid: service?.sid } as const;
    const message = accept(account, order);
    // Told on the list of violations rather than thrown: nobody waits for it.
    carry(message, line, mediaUrls).catch(error => account.violate('received', `The double failed: ${error}`));
  }
}
