import type { Sandbox, WhatsAppPerson, WhatsAppReceipt } from '../../../src/sandbox/types.ts';
import { hubSignature256 } from '../../../src/sandbox/whatsapp/webhook-body.ts';
import type { Case } from '../case.ts';
import { sampleOf } from '../samples.ts';
import type { Player, VendorAccount } from './player.ts';

export const whatsapp: Player = {
  vendor: 'whatsapp',
  connect(sandbox: Sandbox, config: Case['config']): VendorAccount {
    const app = sandbox.whatsapp.app({ appSecret: String(config.app_secret ?? 'conformance-app-secret') });
    const account = app.account({ wabaId: String(config.waba_id ?? '900000000000001') });
    const number = account.number({
      phoneNumberId: String(config.phone_number_id ?? '700000000000100'),
      display: String(config.display_phone_number ?? '12025550100'),
    });
    const customer = (person: string) => number.customer(personOf(person));
    return {
      config: {
        accessToken: account.token,
        phoneNumberId: number.phoneNumberId,
        wabaId: account.wabaId,
        appSecret: app.appSecret,
        ...(typeof config.verify_token === 'string' ? { verifyToken: config.verify_token } : {}),
      },
      sign: (_request, body) => ({ 'x-hub-signature-256': hubSignature256(app.appSecret, body) }),
      prepare({ body }) {
        for (const { id, mime_type: mime } of filesIn(body)) {
          number.media(id, { mime, bytes: sampleOf(mime.split(';')[0] ?? mime) });
        }
      },
      async say(person, text, messageId) {
        const { delivery } = customer(person).text(text, messageId === undefined ? {} : { messageId });
        await delivery.done;
      },
      nextSentId(id, { status }) {
        number.nextMessageId(id);
        number.receipts = receipts[status] ?? ['sent'];
      },
      sendPath: /^POST \/\d+\/messages$/,
      sent: person =>
        customer(person)
          .messages.filter(({ from }) => from === 'business')
          .map(({ text, media }) => ({
            text: text === '' ? null : text,
            attachments: media ? [{ type: kindOf(media.mime), name: media.name ?? '', mime: media.mime }] : [],
          })),
    };
  },
};

/** The receipts of a message that stands at this status in a case. */
const receipts: Readonly<Record<string, readonly WhatsAppReceipt[]>> = {
  sent: ['sent'],
  delivered: ['sent', 'delivered'],
  read: ['sent', 'delivered', 'read'],
};

/** Cases write numbers with a plus or without; people who hide theirs have a user id. */
function personOf(person: string): WhatsAppPerson {
  const name = 'Conformance';
  return /^[A-Z]{2}\./.test(person) ? { bsuid: person, name } : { waId: person.replace(/\D/g, ''), name };
}

/** The files that a webhook speaks of, wherever in it they stand. */
function filesIn(value: unknown): { id: string; mime_type: string }[] {
  if (value === null || typeof value !== 'object') return [];
  const inner = Object.values(value).flatMap(filesIn);
  if (!('id' in value) || !('mime_type' in value)) return inner;
  return [{ id: String(value.id), mime_type: String(value.mime_type) }, ...inner];
}

function kindOf(mime: string): string {
  const [kind = ''] = mime.split('/');
  return ['image', 'video', 'audio'].includes(kind) ? kind : 'file';
}
