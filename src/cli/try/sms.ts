import type { Scene } from './scene.ts';

export const sms: Scene = {
  channel: 'twilio-sms',
  label: 'SMS',
  open(sandbox) {
    const account = sandbox.twilio.account({ name: 'Acme' });
    const number = account.number('+12025550100');
    const phone = number.phone('+12025550143');
    return {
      config: { accountSid: account.sid, authToken: account.authToken, sender: number.address },
      // A text tells nothing of who wrote it but the number.
      customerName: phone.phoneNumber,
      sendText: text => void phone.text(text),
      sendPhoto: (bytes, caption) => void phone.mms([{ mime: 'image/png', bytes }], caption),
      fromBusiness: () =>
        phone.received.map(({ text, media }) => ({
          text,
          attachments: media.map(({ mime, bytes }) => ({ name: '', mime, bytes })),
        })),
    };
  },
};
