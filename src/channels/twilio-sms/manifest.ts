import { z } from 'zod';
import type { ChannelAdapter } from '../../contract/channel.ts';
import { type Origin, parseOrigin } from './origin.ts';

const config = z
  .object({
    accountSid: z
      .string()
      .trim()
      .regex(
        /^AC[0-9a-f]{32}$/i,
        'An Account SID is AC and 32 digits or letters – copy it whole from the Twilio Console.',
      )
      .meta({ title: 'Account SID', description: 'From the Console’s start page. Begins with AC.' }),
    authToken: z.string().trim().min(1).meta({
      title: 'Auth Token',
      description:
        'Twilio signs its webhooks with it, so it is needed even where calls are made with an API key. A subaccount has its own.',
      secret: true,
    }),
    secondaryAuthToken: z.string().trim().min(1).optional().meta({
      title: 'Secondary Auth Token',
      description:
        'Only while you change the Auth Token: webhooks signed with either are accepted, so that none is lost at the change.',
      secret: true,
    }),
    apiKeySid: z
      .string()
      .trim()
      .regex(/^SK[0-9a-f]{32}$/i, 'An API key’s SID is SK and 32 digits or letters.')
      .optional()
      .meta({
        title: 'API key SID',
        description: 'With an API key, messages are sent with it and not with the Auth Token. Begins with SK.',
      }),
    apiKeySecret: z.string().trim().min(1).optional().meta({
      title: 'API key secret',
      description: 'Twilio shows it once, when the key is made.',
      secret: true,
    }),
    sender: z
      .string()
      .overwrite(typed => parseOrigin(typed)?.value ?? typed)
      .refine(typed => parseOrigin(typed) !== undefined, {
        message:
          'Give a number with + and country code, a short code, the SID of a messaging service (MG…), or a sender name of at most 11 letters and digits.',
      })
      .meta({
        title: 'Sender',
        description:
          'What customers see: a number (+12025550100), a short code, a messaging service (MG…) or a name. A name cannot be answered.',
      }),
    statusCallback: z.url().optional().meta({
      title: 'Status callback',
      description: 'Where Twilio reports what became of a message. Holds the channel’s own token. Set on connecting.',
      secret: true,
      generated: true,
    }),
    mms: z.boolean().optional().meta({
      title: 'Sends pictures',
      description: 'Whether the number can send MMS, as Twilio reports it. Found on connecting.',
      generated: true,
    }),
  })
  .refine(given => (given.apiKeySid === undefined) === (given.apiKeySecret === undefined), {
    path: ['apiKeySecret'],
    message: 'An API key needs both its SID and its secret.',
  });

export type TwilioSmsConfig = z.infer<typeof config>;

export const manifest: ChannelAdapter<TwilioSmsConfig>['manifest'] = {
  id: 'twilio-sms',
  label: 'SMS (Twilio)',
  summary: 'Customers text your Twilio number, and see pictures where MMS is carried.',
  provider: { name: 'Twilio', docs: 'https://www.twilio.com/docs/messaging' },
  platforms: ['intercom', 'hubspot'],
  config,
  steps: [
    {
      title: 'Copy the Account SID',
      text: 'Sign in to the Twilio Console. The start page shows **Account SID** and **Auth Token** under *Account Info*. Use those of the account or subaccount that owns the sender, not the test credentials.',
      link: 'https://console.twilio.com/',
      field: 'accountSid',
    },
    {
      title: 'Copy the Auth Token',
      text: 'Click **Show** beside the Auth Token and copy it. Octopods checks with it that a webhook really comes from Twilio.',
      link: 'https://console.twilio.com/',
      field: 'authToken',
    },
    {
      title: 'If you like: make an API key',
      text: 'Under **Account management → API keys & tokens** create a *Standard* key and copy its SID and secret. It can be revoked without touching anything else; a *Restricted* key must be allowed to use Messages and Phone Numbers.',
      link: 'https://www.twilio.com/docs/iam/api-keys/keys-in-console',
      field: 'apiKeySid',
    },
    {
      title: 'Choose the sender',
      text: 'A number from **Phone Numbers → Manage → Active numbers** that can do SMS, with + and country code; or a short code; or a messaging service’s SID from **Messaging → Services**. Octopods sets the webhook of a number or short code by itself, in place of what is set there now.',
      link: 'https://console.twilio.com/us1/develop/phone-numbers/manage/incoming',
      field: 'sender',
    },
    {
      title: 'Only for numbers in a messaging service',
      text: 'Open the service under **Messaging → Services → Integration** and choose **Defer to sender’s webhook**; otherwise the service keeps the number’s incoming messages to itself.',
      link: 'https://console.twilio.com/us1/develop/sms/services',
    },
    {
      title: 'Only to the United States: register',
      text: 'Carriers block texts from unregistered senders. Local numbers need an A2P 10DLC campaign, toll-free numbers a verification; both are under **Messaging → Regulatory Compliance** and take some days.',
      link: 'https://www.twilio.com/docs/messaging/compliance',
    },
  ],
};

/** The configured sender; the schema has made sure that there is one. */
export function originOf(config: Pick<TwilioSmsConfig, 'sender'>): Origin {
  return parseOrigin(config.sender) ?? { kind: 'name', value: config.sender };
}
