import { getExpectedTwilioSignature, validateRequest } from 'twilio/lib/webhooks/webhooks.js';
import type { Sandbox, TwilioFate, TwilioLine } from '../../../src/sandbox/types.ts';
import type { Case, CaseRequest } from '../case.ts';
import { sampleOf } from '../samples.ts';
import type { Player, VendorAccount } from './player.ts';

const header = 'x-twilio-signature';

/** Message SIDs of the runner's own small talk: out of the way of every case's. */
let nextMessage = 0xc0ffee00;

export const twilioSms: Player = {
  vendor: 'twilio',
  connect(sandbox: Sandbox, config: Case['config']): VendorAccount {
    const account = sandbox.twilio.account({
      sid: String(config.account_sid ?? `AC${'c'.repeat(32)}`),
      authToken: String(config.auth_token ?? 'conformance-auth-token'),
    });
    const { sid: accountSid, authToken } = account;
    const address = String(config.number ?? '+12025550100');
    const line: TwilioLine = address.startsWith('+') ? account.number(address) : account.shortCode(address);
    const phone = (person: string) => line.phone(numberOf(person));
    return {
      config: { accountSid, authToken, sender: address },
      sign: ({ form = {} }, _body, url) => ({ [header]: getExpectedTwilioSignature(authToken, url, form) }),
      signAnew(request, url): Record<string, string> {
        const given = request.headers[header];
        const signed = addressOf(config, request);
        const form = request.form ?? {};
        if (given === undefined || signed === undefined) return {};
        const isRight = validateRequest(authToken, given, signed, form);
        return isRight ? { [header]: getExpectedTwilioSignature(authToken, url, form) } : {};
      },
      prepare({ form = {} }) {
        for (const [name, value] of Object.entries(form)) {
          const index = /^MediaUrl(\d+)$/.exec(name)?.[1];
          if (index === undefined || !String(value).includes(accountSid)) continue;
          const mime = String(form[`MediaContentType${index}`] ?? 'application/octet-stream');
          account.file(String(value), { mime, bytes: sampleOf(mime) });
        }
      },
      async say(person, text, messageId = `SM${(nextMessage++).toString(16).padStart(32, '0')}`) {
        const from = numberOf(person);
        const ids = { MessageSid: messageId, SmsSid: messageId, SmsMessageSid: messageId, AccountSid: accountSid };
        const content = { Body: text, NumMedia: '0', NumSegments: '1' };
        const rest = { SmsStatus: 'received', ApiVersion: '2010-04-01' };
        await phone(person).webhook({ ...ids, From: from, To: address, ...content, ...rest }).done;
      },
      nextSentId(id, { to, status }) {
        line.nextSid(id);
        phone(to).fate = { status: fates[status] ?? 'sent' };
      },
      sendPath: /^POST .*\/Messages\.json$/,
      sent: person =>
        phone(person)
          .received.filter(({ by }) => by === 'business')
          .map(({ text, media }) => ({
            text: text === '' ? null : text,
            attachments: media.map(({ mime }) => ({ type: mime.split('/')[0] ?? 'file', name: '', mime })),
          })),
    };
  },
};

/** How far a message gets at Twilio that stands at this status in a case. */
const fates: Readonly<Record<string, TwilioFate['status']>> = {
  queued: 'queued',
  sent: 'sent',
  delivered: 'delivered',
  failed: 'failed',
};

/** The address for which the case's request is signed. */
function addressOf(config: Case['config'], { query }: CaseRequest): string | undefined {
  if (typeof config.public_url !== 'string') return undefined;
  return query ? `${config.public_url}?${new URLSearchParams(query)}` : config.public_url;
}

/** Cases write some numbers without their plus; names and short codes stay as they are. */
function numberOf(person: string): string {
  return /^\d{7,}$/.test(person) ? `+${person}` : person;
}
