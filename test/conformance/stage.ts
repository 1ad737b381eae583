import { createHmac } from 'node:crypto';
import { newId } from '../../src/db/ids.ts';
import type { Octopods } from '../../src/main.ts';
import { platforms } from '../../src/platforms/registry.ts';
import type { IntercomWorkspace, Sandbox } from '../../src/sandbox/types.ts';
import { lanesAreQuiet } from '../support/octopods.ts';
import type { Case, CaseRequest } from './case.ts';
import type { PlayedChannel, VendorAccount } from './vendors/player.ts';

/** One case's world: a workspace, a channel, and everything that its `given` takes for granted. */
export interface Stage {
  inbox: IntercomWorkspace;
  account: VendorAccount;
  /** Posts a request of the case where its vendor would and returns the answer. */
  post(request: CaseRequest): Promise<{ status: number; body: string; headers: Headers }>;
  /** Resolves when nothing is due any more: all is delivered, ended, or waits for a time that the provider named. */
  settle(): Promise<void>;
  /** A teammate answers in the thread of this person's conversation. */
  teammateWrites(person: string, text: string): Promise<void>;
  /** Who takes part when the case names nobody. */
  person: string;
}

const teammate = { id: '9000042', name: 'Kim Ode' };

/** The platform's thread and contact of a linked person, as the case names them. */
interface Link {
  thread: string;
  to: string;
}

export async function setStage(
  octopods: Octopods,
  sandbox: Sandbox,
  spec: Case,
  { kind, player }: PlayedChannel,
): Promise<Stage> {
  const { config } = spec;
  const toPlatform = platforms.has(spec.channel);
  const inbox = sandbox.intercom.workspace({
    appId: text(config.app_id) ?? 'conform1',
    clientSecret: text(config.client_secret) ?? 'conformance-client-secret',
    admin: { id: text(config.our_admin_id) ?? '9000001', name: 'Bridge', email: 'bridge@example.com' },
  });
  const accountId = newId();
  const workspaceId = await octopods.setup.connectWorkspace({
    accountId,
    platform: 'intercom',
    sandbox: true,
    config: { accessToken: inbox.accessToken, clientSecret: inbox.clientSecret },
  });
  const account = player.connect(sandbox, config);
  const channelId = await octopods.setup.connectChannel({
    accountId,
    workspaceId,
    kind,
    config: account.config,
  });
  const hooks = await hookAddresses(octopods, workspaceId, channelId);
  inbox.webhookUrl = hooks.workspace;

  const stage: Stage = {
    inbox,
    account,
    person: personOf(spec),
    async post(request) {
      const address = withQuery(toPlatform ? hooks.workspace : hooks.channel, request.query);
      const { body, type } = bodyOf(request);
      account.prepare?.(request);
      const own = lowerCased(request.headers ?? {});
      const given = { ...own, ...account.signAnew?.({ ...request, headers: own }, address) };
      const proofs = toPlatform
        ? { 'x-hub-signature': `sha1=${createHmac('sha1', inbox.clientSecret).update(body).digest('hex')}` }
        : account.sign(request, body, address);
      // A case about signatures brings its own, or brings none on purpose.
      const headers = { 'content-type': type, ...(spec.kind === 'signature' ? {} : proofs), ...given };
      const answer = await fetch(address, {
        method: request.method,
        headers,
        ...(request.method === 'GET' ? {} : { body }),
      });
      return { status: answer.status, body: await answer.text(), headers: answer.headers };
    },
    async settle() {
      await sandbox.settled();
      await lanesAreQuiet(octopods.pool);
      await sandbox.settled();
      await lanesAreQuiet(octopods.pool);
    },
    async teammateWrites(person, words) {
      const thread = await threadOf(octopods, person);
      inbox.teammate(teammate).reply(thread, `<p>${words}</p>`);
      await stage.settle();
    },
  };

  for (const contact of spec.given?.contacts ?? []) {
    // Whom a channel knows has written before; whom a platform knows stands in its contacts.
    if (toPlatform || contact.phone === undefined) inbox.addContact(contact);
    else await account.say(contact.phone, 'Hello from a known contact.');
    await stage.settle();
  }
  for (const link of links(spec)) await tie(stage, spec, link);
  for (const message of spec.given?.inbound ?? []) {
    await account.say(message.sender_id, message.text, message.id);
    await stage.settle();
  }
  for (const message of spec.given?.outgoing ?? []) {
    await account.say(message.to, 'Hello from the customer.');
    await stage.settle();
    account.nextSentId(message.message_id, message);
    await stage.teammateWrites(message.to, message.text ?? 'Hello from the team.');
  }
  for (const part of spec.given?.created_parts ?? []) {
    inbox.nextPartId(part);
    await account.say(stage.person, 'A part of our own making.');
    await stage.settle();
  }
  return stage;
}

async function tie(stage: Stage, spec: Case, link: Link): Promise<void> {
  stage.inbox.nextConversationId(link.thread);
  const contact = contactIn(spec.request.body) ?? contactIn(spec.request.raw_body);
  if (contact) stage.inbox.nextContactId(contact);
  await stage.account.say(link.to, 'first');
  await stage.settle();
}

function links(spec: Case): Link[] {
  return (spec.given?.links ?? []).map(link => {
    const thread = Object.entries(link).find(([key]) => key !== 'channel' && key !== 'to')?.[1] ?? '';
    return { thread, to: link.to ?? '' };
  });
}

/** The contact's platform id, where the case's request names it. */
function contactIn(body: unknown): string | undefined {
  const words = typeof body === 'string' ? body : JSON.stringify(body ?? '');
  return /"(?:intercom_user_id|id)":"(contact-[^"]+)"/.exec(words)?.[1];
}

function personOf(spec: Case): string {
  const fields: object = { ...(spec.request.body ?? {}), ...spec.request.form };
  // What a customer sends names them as its sender; what we send, as its addressee.
  const named = spec.kind === 'send-error' ? ['chat_id', 'to', 'To'] : ['chat_id', 'From'];
  const person = Object.entries(fields).find(([name]) => named.includes(name))?.[1];
  return links(spec)[0]?.to ?? spec.given?.outgoing?.[0]?.to ?? text(person) ?? '6000000017';
}

async function threadOf(octopods: Octopods, person: string): Promise<string> {
  const { rows } = await octopods.pool.query<{ thread_id: string | null }>(
    `select thread_id from conversations where regexp_replace(address, '[^0-9-]', '', 'g') = regexp_replace($1, '[^0-9-]', '', 'g')`,
    [person],
  );
  const thread = rows[0]?.thread_id;
  if (!thread) throw new Error(`${person} has no conversation in the inbox.`);
  return thread;
}

async function hookAddresses(
  octopods: Octopods,
  workspaceId: string,
  channelId: string,
): Promise<{ workspace: string; channel: string }> {
  const { rows } = await octopods.pool.query<{ workspace: string; channel: string }>(
    `select w.hook_token as workspace, c.hook_token as channel from workspaces w, channels c where w.id = $1 and c.id = $2`,
    [workspaceId, channelId],
  );
  return {
    workspace: `${octopods.url}/hooks/${rows[0]?.workspace}`,
    channel: `${octopods.url}/hooks/${rows[0]?.channel}`,
  };
}

function bodyOf(request: CaseRequest): { body: string; type: string } {
  if (request.raw_body !== undefined) return { body: request.raw_body, type: 'application/json' };
  if (request.form) {
    return { body: encodeForm(request.form), type: 'application/x-www-form-urlencoded' };
  }
  return { body: request.body === undefined ? '' : JSON.stringify(request.body), type: 'application/json' };
}

function encodeForm(form: NonNullable<CaseRequest['form']>): string {
  const fields = Object.entries(form).flatMap(([name, values]) =>
    [values].flat().map((value): [string, string] => [name, value]),
  );
  return new URLSearchParams(fields).toString();
}

function withQuery(address: string, query: Record<string, string> | undefined): string {
  const url = new URL(address);
  for (const [name, value] of Object.entries(query ?? {})) url.searchParams.append(name, value);
  return url.href;
}

function lowerCased(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function text(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : String(value);
}
