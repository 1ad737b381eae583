import { z } from 'zod';
import type { Manifest } from '../../contract/adapter.ts';

const config = z.object({
  accessToken: z.string().trim().min(1, 'Copy the access token from the Developer Hub.').meta({
    title: 'Access token',
    description: 'Developer Hub → your app → Authentication. It does not expire.',
    secret: true,
  }),
  clientSecret: z.string().trim().min(1).optional().meta({
    title: 'Client secret',
    description: 'Developer Hub → your app → Basic information. Proves that a webhook comes from Intercom.',
    secret: true,
  }),
  region: z.enum(['US', 'EU', 'AU']).default('US').meta({
    title: 'Region',
    description: 'Where Intercom hosts the workspace. A wrong choice is corrected on connecting.',
  }),
  appId: z.string().optional().meta({
    title: 'Workspace id',
    description: 'As Intercom reports it; webhooks carry it.',
    generated: true,
  }),
  appName: z.string().optional().meta({
    title: 'Workspace name',
    description: 'As Intercom reports it.',
    generated: true,
  }),
  adminId: z.string().optional().meta({
    title: 'Posting teammate',
    description: 'In whose name internal notes are written: whoever made the token.',
    generated: true,
  }),
});

export type IntercomConfig = z.infer<typeof config>;
export type Region = IntercomConfig['region'];

/** The operator's own Intercom app, through which workspaces connect by OAuth and whose webhooks all come to one address. */
export const intercomApp = z.object({
  clientId: z.string().trim().min(1).meta({ title: 'Client id', description: 'Developer Hub → Basic information.' }),
  clientSecret: z.string().trim().min(1).meta({
    title: 'Client secret',
    description: 'Developer Hub → Basic information.',
    secret: true,
  }),
});

export type IntercomApp = z.infer<typeof intercomApp>;

/** The topics to tick in the Developer Hub; there is no call that subscribes to them. */
export const subscribedTopics = [
  'conversation.admin.replied',
  'conversation.operator.replied',
  'conversation.admin.single.created',
  'conversation.admin.closed',
  'conversation.admin.opened',
  'conversation.admin.assigned',
  'conversation.admin.snoozed',
  'conversation.admin.unsnoozed',
  'conversation.deleted',
  'conversation_part.redacted',
  'contact.merged',
  'contact.deleted',
  'contact.archived',
  'admin.removed_from_workspace',
  'ticket.admin.replied',
] as const;

export const manifest: Manifest<IntercomConfig> = {
  id: 'intercom',
  label: 'Intercom',
  summary: 'Customers’ messages arrive in the Intercom inbox, and what teammates and Fin answer goes back to them.',
  provider: { name: 'Intercom', docs: 'https://developers.intercom.com/docs' },
  config,
  steps: [
    {
      title: 'Make an app',
      text: 'In Intercom open **Settings → Integrations → Developer Hub** and choose **New app**, in the workspace whose inbox you answer in.',
      link: 'https://app.intercom.com/a/apps/_/developer-hub',
    },
    {
      title: 'Copy the access token',
      text: 'Under **Configure → Authentication** copy the access token. The teammate who makes it appears as the author of internal notes.',
      link: 'https://developers.intercom.com/docs/build-an-integration/learn-more/authentication',
      field: 'accessToken',
    },
    {
      title: 'Copy the client secret',
      text: 'Under **Configure → Basic information** copy the client secret. Without it no webhook can be trusted, and teammates’ answers do not reach the customer.',
      field: 'clientSecret',
    },
    {
      title: 'Choose the region',
      text: 'It shows in the address of your inbox: `app.intercom.com` is US, `app.eu.intercom.com` EU, `app.au.intercom.com` AU.',
      field: 'region',
    },
    {
      title: 'Tell Intercom where to post',
      text: `Once connected, copy the webhook address into **Configure → Webhooks** of the same app, and tick these topics: ${subscribedTopics.map(topic => `\`${topic}\``).join(', ')}. Save, then use **Send a test request**.`,
      link: 'https://developers.intercom.com/docs/webhooks/setting-up-webhooks',
    },
  ],
};
