import { z } from 'zod';
import type { ChannelAdapter } from '../../contract/channel.ts';

const config = z.object({
  accessToken: z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]+$/, 'A token is one word of letters and digits. Copy it whole.')
    .meta({
      title: 'Access token',
      description: 'Of a system user, with whatsapp_business_messaging and whatsapp_business_management.',
      secret: true,
    }),
  phoneNumberId: z
    .string()
    .trim()
    .regex(/^\d+$/, 'The id is a long number, and not the telephone number itself.')
    .meta({ title: 'Phone number ID', description: 'Stands under the number in WhatsApp → API Setup.' }),
  wabaId: z.string().trim().regex(/^\d+$/, 'The id is a long number.').optional().meta({
    title: 'WhatsApp Business Account ID',
    description: 'Leave it empty: it is found with the token, unless the token is allowed too little.',
  }),
  appSecret: z.string().trim().min(1).optional().meta({
    title: 'App secret',
    description:
      'Of the Meta app that the token belongs to. Proves that webhooks are Meta’s. Leave it empty when the number was connected through the Meta app of this installation.',
    secret: true,
  }),
  verifyToken: z.string().trim().min(1).optional().meta({
    title: 'Verify token',
    description: 'Meta shows it when it asks for this channel’s webhook. Made on connecting.',
    secret: true,
    generated: true,
  }),
  number: z
    .string()
    .optional()
    .meta({ title: 'Number', description: 'E.164, as Meta reports it. Found on connecting.', generated: true }),
});

export type WhatsAppConfig = z.infer<typeof config>;

export const manifest: ChannelAdapter<WhatsAppConfig>['manifest'] = {
  id: 'whatsapp',
  label: 'WhatsApp',
  summary: 'Customers write to your WhatsApp number, on Meta’s Cloud API.',
  provider: { name: 'WhatsApp', docs: 'https://developers.facebook.com/documentation/business-messaging/whatsapp/' },
  platforms: ['intercom', 'hubspot'],
  config,
  steps: [
    {
      title: 'Make a Meta app with WhatsApp',
      text: 'At Meta for Developers choose **Create App**, the use case **Connect with customers through WhatsApp**, and your business portfolio. Add your number under **WhatsApp → API Setup**, and confirm it with the code that Meta sends. An app that you use already will do.',
      link: 'https://developers.facebook.com/apps/',
    },
    {
      title: 'Copy the phone number ID',
      text: 'Under **WhatsApp → API Setup** choose the number. The **Phone number ID** stands below it. A number can be connected once.',
      field: 'phoneNumberId',
    },
    {
      title: 'Make a token that lasts',
      text: 'In the business settings open **Users → System users**, add one, and assign it the app and the WhatsApp account with full control. Choose **Generate token**, the app, **Never** as expiry, and the permissions `whatsapp_business_messaging` and `whatsapp_business_management`. The token on the API Setup page dies within a day.',
      link: 'https://business.facebook.com/settings/system-users',
      field: 'accessToken',
    },
    {
      title: 'Copy the app secret',
      text: 'In the app open **App settings → Basic** and choose **Show** beside the app secret.',
      field: 'appSecret',
    },
    {
      title: 'Choose what the app is told',
      text: 'Under **WhatsApp → Configuration → Webhook fields** subscribe to `messages`; with a number that is also used in the WhatsApp Business app, to `smb_message_echoes` too. Where Meta posts to is set by Octopods. If the app has no callback URL yet, Meta asks for one there first: any address of yours that answers its challenge.',
      link: 'https://developers.facebook.com/apps/',
    },
  ],
};

/** What may belong to one channel only. The id, not the number: it is what every webhook names, and stays with the number. */
export function identityOf(phoneNumberId: string): string {
  return `whatsapp:${phoneNumberId}`;
}
