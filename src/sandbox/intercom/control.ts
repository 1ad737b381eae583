import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { base64, readControl } from '../control-body.ts';
import type {
  InboxContact,
  InboxConversation,
  InboxPart,
  IntercomAct,
  IntercomDouble,
  IntercomTeammate,
  IntercomWorkspace,
} from './types.ts';

const workspaceOptions = z.object({
  appId: z.string(),
  appName: z.string().optional(),
  region: z.enum(['US', 'EU', 'AU']).optional(),
  clientSecret: z.string(),
  accessToken: z.string().optional(),
  admin: z.object({ id: z.string(), name: z.string(), email: z.string() }),
  webhookUrl: z.url().optional(),
  version: z.string().optional(),
  clientId: z.string().optional(),
  redirectUri: z.url().optional(),
  topics: z.array(z.string()).optional(),
});

const files = z
  .array(z.object({ name: z.string(), mime: z.string(), data: base64 }))
  .transform(list => list.map(({ data, ...file }) => ({ ...file, bytes: data })))
  .optional();

const assignee = z.object({ type: z.enum(['admin', 'team', 'nobody']), id: z.string().optional() });

const html = z.object({ html: z.string() });
const perhapsHtml = z.object({ html: z.string().optional() });

/** What a teammate can do in a conversation, by the last segment of the address. */
const acts: Record<string, (teammate: IntercomTeammate, id: string, request: FastifyRequest) => IntercomAct> = {
  reply: (teammate, id, request) => {
    const schema = z.object({
      html: z.string(),
      attachments: files,
      inlineImages: files,
      assignTo: assignee.optional(),
    });
    const { html, ...options } = readControl(request, schema);
    return teammate.reply(id, html, options);
  },
  note: (teammate, id, request) => teammate.note(id, readControl(request, html).html),
  close: (teammate, id, request) => teammate.close(id, readControl(request, perhapsHtml).html),
  open: (teammate, id, request) => teammate.open(id, readControl(request, perhapsHtml).html),
  assign: (teammate, id, request) => {
    const { to, html } = readControl(request, z.object({ to: assignee, html: z.string().optional() }));
    return teammate.assign(id, to, html);
  },
  snooze: (teammate, id, request) => {
    const { until } = readControl(request, z.object({ until: z.iso.datetime().optional() }));
    return teammate.snooze(id, until === undefined ? undefined : new Date(until));
  },
};

interface Path {
  Params: { app: string; admin: string; conversation: string; part: string; contact: string; act: string };
}

export function addIntercomControl(app: FastifyInstance, intercom: IntercomDouble): void {
  const find = (request: FastifyRequest<Path>): IntercomWorkspace => {
    const found = intercom.workspaces.find(({ appId }) => appId === request.params.app);
    if (!found) throw new Error(`There is no workspace ${request.params.app}.`);
    return found;
  };
  const teammate = (request: FastifyRequest<Path>) => {
    const admin = find(request).admins.find(({ id }) => id === request.params.admin);
    if (!admin) throw new Error(`There is no teammate ${request.params.admin}.`);
    return find(request).teammate(admin);
  };
  const base = '/intercom/workspaces/:app';

  app.post('/intercom/workspaces', request =>
    workspaceView(intercom.workspace(readControl(request, workspaceOptions))),
  );
  app.get<Path>(base, request => workspaceView(find(request)));
  app.patch<Path>(base, request => {
    const { webhookUrl, searchLag } = readControl(
      request,
      z.object({ webhookUrl: z.url().optional(), searchLag: z.boolean().optional() }),
    );
    const workspace = find(request);
    if (webhookUrl !== undefined) workspace.webhookUrl = webhookUrl;
    if (searchLag !== undefined) workspace.searchLag = searchLag;
    return workspaceView(workspace);
  });
  app.post<Path>(`${base}/revoke`, request => ({ accessToken: find(request).revoke() }));
  app.post<Path>(`${base}/webhook`, request => {
    const { operation, state } = find(request).webhook(readControl(request, z.record(z.string(), z.unknown())));
    return { operation, state };
  });
  app.post<Path>(`${base}/teammates`, request => {
    const schema = z.object({ id: z.string(), name: z.string(), email: z.string().optional() });
    const { id, name } = find(request).teammate(readControl(request, schema));
    return { id, name };
  });
  app.get<Path>(`${base}/conversations/:conversation`, request =>
    conversationView(find(request).conversation(request.params.conversation)),
  );
  app.delete<Path>(`${base}/conversations/:conversation`, request => {
    const { operation, state } = find(request).deleteConversation(request.params.conversation);
    return { operation, state };
  });
  app.post<Path>(`${base}/conversations/:conversation/parts/:part/redact`, request => {
    const { conversation, part } = request.params;
    const { operation, state } = find(request).redact(conversation, part);
    return { operation, state };
  });
  app.post<Path>(`${base}/teammates/:admin/conversations/:conversation/:act`, request => {
    const act = acts[request.params.act];
    if (!act) throw new Error(`A teammate cannot "${request.params.act}".`);
    return actView(act(teammate(request), request.params.conversation, request));
  });
  app.post<Path>(`${base}/teammates/:admin/contacts/:contact/start`, request =>
    actView(teammate(request).start(request.params.contact, readControl(request, html).html)),
  );
}

export function workspaceView(workspace: IntercomWorkspace) {
  const { appId, region, clientId, clientSecret, accessToken, webhookUrl, admins } = workspace;
  return {
    ...{ appId, region, clientId, clientSecret, accessToken, webhookUrl, admins },
    contacts: workspace.contacts.map(contactView),
    conversations: workspace.conversations.map(conversationView),
  };
}

function contactView({ id, externalId, role, name, email, phone, customAttributes, archived }: InboxContact) {
  return { id, externalId, role, name, email, phone, customAttributes, archived };
}

function conversationView(conversation: InboxConversation) {
  const { id, contactIds, state, assignee, createdAt, deliveredAs, tags, customAttributes, timeline } = conversation;
  const about = { id, contactIds, state, assignee, createdAt, deliveredAs, tags, customAttributes };
  return { ...about, timeline: timeline.map(partView) };
}

function partView({ id, type, author, html, text, attachments, at, redacted, viaApi }: InboxPart) {
  const files = attachments.map(({ name, mime, bytes, url }) => ({ name, mime, size: bytes.length, url: local(url) }));
  return { id, type, author, html: html && local(html), text, attachments: files, at, redacted, viaApi };
}

/** Download addresses as this server answers them. */
function local(text: string): string {
  return text.replace(/https:\/\/(downloads\.intercomcdn\.)/g, '/$1');
}

function actView({ conversationId, partId, deliveries }: IntercomAct) {
  return { conversationId, partId, deliveries: deliveries.map(({ operation, state }) => ({ operation, state })) };
}
