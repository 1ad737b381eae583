import type { Scene } from './scene.ts';

export const whatsapp: Scene = {
  channel: 'whatsapp',
  label: 'WhatsApp',
  open(sandbox) {
    const app = sandbox.whatsapp.app({ name: 'Acme' });
    const account = app.account({ name: 'Acme' });
    const number = account.number({ display: '+1 202-555-0100', verifiedName: 'Acme Support' });
    const customer = number.customer({ waId: '447700900417', name: 'Mira Okafor' });
    return {
      config: { accessToken: account.token, phoneNumberId: number.phoneNumberId, appSecret: app.appSecret },
      customerName: customer.name,
      sendText: text => void customer.text(text),
      sendPhoto: (bytes, caption) => void customer.image(bytes, { mime: 'image/png', caption }),
      sendVoice: bytes => void customer.voice(bytes),
      fromBusiness: () =>
        customer.messages
          .filter(({ from }) => from === 'business')
          .map(({ shown, media }) => ({
            text: shown,
            attachments: media ? [{ name: media.name ?? '', mime: media.mime, bytes: media.bytes }] : [],
          })),
    };
  },
};
