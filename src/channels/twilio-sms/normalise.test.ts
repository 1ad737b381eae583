import { describe, expect, it } from 'vitest';
import { rawRequest } from '../../kit/request.ts';
import { handshake, normalise } from './normalise.ts';
import { accountSid, hasShared, readShared, sid, webhook, webhookUrl } from './testing.ts';

const inbound = {
  MessageSid: sid('SM'),
  AccountSid: accountSid,
  SmsStatus: 'received',
  From: '+15005550006',
  To: '+15005550001',
  Body: 'Hello',
  NumMedia: '0',
};
const callback = {
  MessageSid: sid('SM', '3'),
  SmsSid: sid('SM', '3'),
  AccountSid: accountSid,
  From: '+15005550001',
  To: '+15005550006',
};
const mediaUrl = (last: string) =>
  `https://api.twilio.com/2010-04-01/Accounts/${accountSid}/Messages/${sid('MM')}/Media/${sid('ME', last)}`;

const read = (fields: Record<string, string>) => normalise(webhook(fields));
const status = (word: string, more: Record<string, string> = {}) =>
  read({ ...callback, MessageStatus: word, SmsStatus: word, ...more });

describe('a message that came in', () => {
  it('belongs to the number it came from', () => {
    expect(read(inbound)).toEqual([
      {
        type: 'message',
        key: `message:${sid('SM')}`,
        id: sid('SM'),
        conversation: '+15005550006',
        sender: { id: '+15005550006', kind: 'customer', phone: '+15005550006' },
        parts: [{ kind: 'text', text: 'Hello' }],
      },
    ]);
  });

  it.each(['38438', 'PARCELCO', 'whatsapp:+15005550006'])('keeps %s, which is no number, as it is', from => {
    const [event] = read({ ...inbound, From: from });
    expect(event).toMatchObject({ type: 'message', conversation: from, sender: { id: from } });
    expect(event).not.toHaveProperty('sender.phone', expect.anything());
  });

  it('is the same event when Twilio sends it again, to the fallback address too', () => {
    const again = { ...inbound, ErrorCode: '11200', ErrorUrl: webhookUrl };
    expect(read(again)).toEqual(read(inbound));
  });

  it('carries its attachments in their order, before the words', () => {
    const parts = read({
      ...inbound,
      Body: 'See these',
      NumMedia: '3',
      MediaUrl10: mediaUrl('c'),
      MediaContentType10: 'application/pdf',
      MediaUrl2: mediaUrl('b'),
      MediaContentType2: 'text/x-vcard',
      MediaUrl0: mediaUrl('a'),
      MediaContentType0: 'image/jpeg',
    }).flatMap(event => (event.type === 'message' ? event.parts : []));
    expect(parts).toEqual([
      { kind: 'image', ref: mediaUrl('a'), mime: 'image/jpeg' },
      { kind: 'file', ref: mediaUrl('b'), mime: 'text/x-vcard', name: 'contact.vcf' },
      { kind: 'file', ref: mediaUrl('c'), mime: 'application/pdf' },
      { kind: 'text', text: 'See these' },
    ]);
  });

  it('needs no words, no counter and no content type', () => {
    const { Body: _none, NumMedia: _counter, ...bare } = inbound;
    expect(read({ ...bare, MediaUrl0: mediaUrl('a') })).toMatchObject([
      { parts: [{ kind: 'file', ref: mediaUrl('a') }] },
    ]);
    expect(read({ ...inbound, Body: '' })).toMatchObject([
      { parts: [{ kind: 'unsupported', text: expect.any(String) }] },
    ]);
  });

  it('is also read from the address of a GET', () => {
    expect(normalise(webhook(inbound, { method: 'GET' }))).toEqual(read(inbound));
  });

  it('without a sender is kept as unknown', () => {
    expect(read({ ...inbound, From: '' })).toMatchObject([{ type: 'unknown' }]);
  });
});

describe('leaving and coming back', () => {
  const consent = (fields: Record<string, string>) =>
    read({ ...inbound, ...fields }).flatMap(event => (event.type === 'message' ? [] : [event.type]));

  it.each(['STOP', 'stop', ' Stop\n', 'stopall', 'UNSUBSCRIBE', 'cancel', 'End', 'quit', 'optout', 'revoke'])(
    'takes “%s” for leaving',
    body => {
      expect(consent({ Body: body })).toEqual(['opted_out']);
    },
  );

  it.each(['START', 'yes', 'Unstop'])('takes “%s” for coming back', body => {
    expect(consent({ Body: body })).toEqual(['opted_in']);
  });

  it.each(['HELP', 'info', 'Please stop', 'stop it', 'yes please', 'the end', 'ÉND'])(
    'takes “%s” for neither',
    body => {
      expect(consent({ Body: body })).toEqual([]);
    },
  );

  it('believes OptOutType before the words', () => {
    expect(consent({ Body: 'no more', OptOutType: 'STOP' })).toEqual(['opted_out']);
    expect(consent({ Body: 'hola', OptOutType: 'START' })).toEqual(['opted_in']);
    expect(consent({ Body: 'END', OptOutType: 'HELP' })).toEqual([]);
    expect(consent({ Body: 'STOP', OptOutType: '' })).toEqual(['opted_out']);
  });

  it('is told beside the message itself, under a key of its own', () => {
    expect(read({ ...inbound, Body: 'Stop', OptOutType: 'STOP' })).toMatchObject([
      { type: 'message', key: `message:${sid('SM')}`, parts: [{ kind: 'text', text: 'Stop' }] },
      { type: 'opted_out', key: `opted_out:${sid('SM')}`, conversation: '+15005550006', contact: '+15005550006' },
    ]);
  });
});

describe('a status callback', () => {
  it.each(['sent', 'delivered', 'read'])('of “%s” is a receipt', word => {
    expect(status(word)).toEqual([
      {
        type: 'receipt',
        key: `status:${sid('SM', '3')}:${word}`,
        id: sid('SM', '3'),
        status: word,
        conversation: '+15005550006',
      },
    ]);
  });

  it.each(['accepted', 'scheduled', 'queued', 'sending', 'partially_delivered', 'sideways'])(
    'of “%s” changes nothing',
    word => {
      expect(status(word)).toEqual([{ type: 'ignored', key: `status:${sid('SM', '3')}:${word}`, kind: word }]);
    },
  );

  it.each([
    ['undelivered', '30003', 'unreachable'],
    ['undelivered', '30008', 'unreachable'],
    ['undelivered', '30005', 'invalid_recipient'],
    ['undelivered', '30006', 'invalid_recipient'],
    ['undelivered', '30007', 'policy'],
    ['undelivered', '30034', 'config'],
    ['undelivered', '30019', 'media'],
    ['failed', '30001', 'rate_limited'],
    ['failed', '21703', 'config'],
    ['failed', '30036', 'expired'],
    ['undelivered', '39999', 'unreachable'],
    ['failed', '39999', 'unknown'],
  ])('of “%s” with code %s is a failure of class %s', (word, code, failureClass) => {
    expect(status(word, { ErrorCode: code })).toMatchObject([
      {
        type: 'receipt',
        status: 'failed',
        failure: { class: failureClass, code, message: expect.stringMatching(/\w+ .*\.$/) },
      },
    ]);
  });

  it('without a code says so, and one that was stopped in Twilio is over', () => {
    expect(status('undelivered')).toMatchObject([{ failure: { class: 'unreachable' } }]);
    expect(status('failed', { ErrorCode: '' })).toMatchObject([{ failure: { class: 'unknown' } }]);
    expect(status('canceled')).toMatchObject([{ status: 'failed', failure: { class: 'expired' } }]);
  });

  it('of a message to someone who had unsubscribed records that too', () => {
    expect(status('failed', { ErrorCode: '21610' })).toMatchObject([
      { type: 'receipt', status: 'failed', failure: { class: 'opted_out' } },
      { type: 'opted_out', contact: '+15005550006', conversation: '+15005550006' },
    ]);
  });

  it('from a service that found no sender has an empty From and is read all the same', () => {
    expect(status('failed', { From: '', ErrorCode: '21703' })).toMatchObject([
      { id: sid('SM', '3'), status: 'failed' },
    ]);
  });

  it('in the old form, with SmsStatus alone, is one too', () => {
    expect(read({ ...callback, SmsStatus: 'delivered' })).toMatchObject([{ type: 'receipt', status: 'delivered' }]);
  });
});

describe('anything else', () => {
  const json = rawRequest({
    method: 'POST',
    url: webhookUrl,
    headers: { 'content-type': 'application/cloudevents-batch+json' },
    body: Buffer.from('[{"type":"com.twilio.example"}]'),
  });

  it('is kept as unknown, each under its own key', () => {
    const events = [json, webhook({ CallSid: 'CA1' }), webhook({ CallSid: 'CA2' }), webhook({})].flatMap(normalise);
    expect(events.map(event => event.type)).toEqual(['unknown', 'unknown', 'unknown', 'unknown']);
    expect(new Set(events.map(event => event.key)).size).toBe(4);
  });

  it('of Twilio’s published examples is none', () => {
    if (!hasShared) return;
    const { about: _about, ...examples } = readShared<Record<string, Record<string, string>>>(
      'contracts/twilio/webhook-forms.examples.json',
    );
    const kinds = Object.entries(examples).map(([name, form]) => [name, read(form).map(event => event.type)]);
    expect(Object.fromEntries(kinds)).toEqual({
      inboundSms: ['message'],
      inboundSmsViaService: ['message'],
      inboundMms: ['message'],
      inboundStopAdvancedOptOut: ['message', 'opted_out'],
      inboundStopPlainNumber: ['message', 'opted_out'],
      inboundStart: ['message', 'opted_in'],
      inboundHelp: ['message'],
      statusQueued: ['ignored'],
      statusSent: ['receipt'],
      statusDelivered: ['receipt'],
      statusUndelivered: ['receipt'],
      statusFailedOptedOut: ['receipt', 'opted_out'],
      statusFailedNoSender: ['receipt'],
      fallbackUrlRequest: ['message'],
    });
  });

  it('is answered as Twilio wants it: no text that would go to the customer', () => {
    const twiml = { status: 200, headers: { 'content-type': 'text/xml' }, body: '<Response/>' };
    expect(handshake(webhook(inbound))).toEqual(twiml);
    expect(handshake(webhook({ ...inbound, Body: 'STOP', OptOutType: 'STOP' }))).toEqual(twiml);
    expect(handshake(webhook(inbound, { method: 'GET' }))).toEqual(twiml);
    expect(handshake(webhook({ ...callback, MessageStatus: 'delivered' }))).toBeUndefined();
    expect(handshake(json)).toBeUndefined();
  });
});
