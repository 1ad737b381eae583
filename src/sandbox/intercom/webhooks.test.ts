import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox } from '../server.ts';
import { png, sharedContracts, startReceiver, type WebhookReceiver } from '../testing.ts';
import type { InboxConversation, IntercomTeammate, IntercomWorkspace, Json, Sandbox } from '../types.ts';
import { hubSignature } from './notifier.ts';

const contractsDir = sharedContracts();
const secret = 'made-up-client-secret';
const admin = { id: '9000001', name: 'Bridge', email: 'bridge@example.com' };

let sandbox: Sandbox;
let receiver: WebhookReceiver;
let workspace: IntercomWorkspace;
let kim: IntercomTeammate;
let conversation: InboxConversation;

beforeEach(async () => {
  receiver = await startReceiver();
  sandbox = await startSandbox({ redelivery: { intercom: { delay: 1 } } });
  workspace = sandbox.intercom.workspace({ appId: 'wksp1234', clientSecret: secret, admin, webhookUrl: receiver.url });
  kim = workspace.teammate({ id: '9000042', name: 'Kim Ode', email: 'kim@example.com' });
  const contact = workspace.addContact({ externalId: 'tg:1001', name: 'Jo Customer' });
  conversation = workspace.addConversation(contact.id, 'Hello');
  await sandbox.settled();
  receiver.received.length = 0;
});

afterEach(async () => {
  await sandbox.close();
  await receiver.close();
});

interface Notification extends Json {
  topic: string;
  id: string;
  delivery_attempts: number;
  data: { item: Json & { conversation_parts?: { conversation_parts: Json[] } } };
}

async function notifications(): Promise<Notification[]> {
  await sandbox.settled();
  return receiver.received.map(({ body }) => JSON.parse(body));
}

/** Topic, part type and body of what was told. */
async function told(): Promise<unknown[]> {
  return (await notifications()).map(({ topic, data }) => {
    const part = data.item.conversation_parts?.conversation_parts[0];
    return [topic, part?.part_type, part?.body];
  });
}

describe('signatures', () => {
  it.skipIf(contractsDir === undefined)('are those of the vendor’s test vectors', async () => {
    const vectors = JSON.parse(await readFile(join(contractsDir ?? '', 'intercom/signature-vectors.json'), 'utf8'));
    expect(hubSignature(vectors.secret, vectors.body)).toBe(vectors['X-Hub-Signature (webhooks)']);
  });

  it('cover the bytes posted', async () => {
    kim.reply(conversation.id, '<p>grün 😀</p>');
    await sandbox.settled();
    const [webhook] = receiver.received;
    expect(webhook?.headers['x-hub-signature']).toBe(hubSignature(secret, webhook?.body ?? ''));
  });

  it('can be wrong or missing on raw notifications', async () => {
    workspace.webhook('{"raw": "bytes"}', { signature: 'sha1=0000' });
    workspace.webhook({ type: 'notification_event', topic: 'ping' }, { signature: null });
    await sandbox.settled();
    expect(receiver.received.map(({ body, headers }) => [body, headers['x-hub-signature']])).toEqual([
      ['{"raw": "bytes"}', 'sha1=0000'],
      ['{"type":"notification_event","topic":"ping"}', undefined],
    ]);
  });
});

describe('shapes', () => {
  it.skipIf(contractsDir === undefined)('have every field of the examples', async () => {
    const { examples } = JSON.parse(await readFile(join(contractsDir ?? '', 'intercom/webhook-examples.json'), 'utf8'));
    kim.reply(conversation.id, '<p>The invoice</p>', {
      attachments: [{ name: 'invoice.pdf', mime: 'application/pdf', bytes: png }],
      inlineImages: [{ name: 'pic.png', mime: 'image/png', bytes: png }],
    });
    workspace.bot().reply(conversation.id, '<p>I am the assistant.</p>');
    kim.start(conversation.contactIds[0] ?? '', '<p>Hello from us</p>');
    kim.snooze(conversation.id);
    workspace.deleteConversation(conversation.id);
    workspace.ping();
    const seen = await notifications();
    const pairs = [
      ['conversation.admin.replied', examples.admin_replied_attachment_and_inline_image],
      ['conversation.operator.replied', examples.operator_replied_fin],
      ['conversation.admin.single.created', examples.admin_single_created],
      ['conversation.admin.snoozed', examples.admin_snoozed],
      ['conversation.deleted', examples.conversation_deleted_minimal],
      ['ping', examples.ping],
    ] as const;
    for (const [topic, example] of pairs) {
      const notification = seen.find(candidate => candidate.topic === topic);
      expect(missingFields(example, notification, topic)).toEqual([]);
    }
  });

  it('carry the causing part only', async () => {
    kim.reply(conversation.id, '<p>one</p>');
    kim.reply(conversation.id, '<p>two</p>');
    expect(await told()).toEqual([
      ['conversation.admin.replied', 'comment', '<p>one</p>'],
      ['conversation.admin.replied', 'comment', '<p>two</p>'],
    ]);
  });

  it('carry plain text from version 2.15 on', async () => {
    const modern = sandbox.intercom.workspace({
      appId: 'modern',
      clientSecret: secret,
      admin,
      webhookUrl: receiver.url,
      version: '2.15',
    });
    const { id } = modern.addConversation(modern.addContact({ externalId: 'tg:1' }).id, 'Hello');
    modern.teammate({ id: '9000042', name: 'Kim Ode' }).reply(id, '<p>a &lt; b</p><p>Second<br>third</p>');
    expect((await told()).at(-1)).toEqual(['conversation.admin.replied', 'comment', 'a < b\nSecond\nthird']);
  });
});

describe('topics', () => {
  it('tell a text in a change of state as a reply too', async () => {
    kim.close(conversation.id, '<p>Bye</p>');
    kim.reply(conversation.id, '<p>One more thing</p>');
    kim.reply(conversation.id, '<p>I pass you on</p>', { assignTo: { type: 'admin', id: '9000001' } });
    kim.assign(conversation.id, { type: 'team', id: '55' }, '<p>hand-over</p>');
    kim.snooze(conversation.id);
    kim.open(conversation.id);
    kim.close(conversation.id);
    expect(await told()).toEqual([
      ['conversation.admin.replied', 'close', '<p>Bye</p>'],
      ['conversation.admin.closed', 'close', '<p>Bye</p>'],
      ['conversation.admin.replied', 'open', '<p>One more thing</p>'],
      ['conversation.admin.opened', 'open', '<p>One more thing</p>'],
      ['conversation.admin.replied', 'assignment', '<p>I pass you on</p>'],
      ['conversation.admin.assigned', 'assignment', '<p>I pass you on</p>'],
      ['conversation.admin.assigned', 'assignment', '<p>hand-over</p>'],
      ['conversation.admin.snoozed', 'snoozed', null],
      ['conversation.admin.unsnoozed', 'open', null],
      ['conversation.admin.closed', 'close', null],
    ]);
    expect(conversation).toMatchObject({ state: 'closed', assignee: { type: 'team', id: '55' } });
  });

  it('tell notes, bots, redactions, and what becomes of people', async () => {
    const { partId } = kim.note(conversation.id, '<p>customer is upset</p>');
    workspace.bot({ ai: false }).reply(conversation.id, '<p>We will be back tomorrow</p>');
    workspace.redact(conversation.id, partId);
    const other = workspace.addContact({ externalId: 'tg:1002' });
    workspace.mergeContacts(other.id, conversation.contactIds[0] ?? '');
    workspace.archiveContact('tg:1001');
    workspace.deleteContact('tg:1001');
    workspace.removeAdmin('9000001');
    const seen = await notifications();
    expect(seen.map(({ topic }) => topic)).toEqual([
      'conversation.admin.noted',
      'conversation.operator.replied',
      'conversation_part.redacted',
      'contact.user.created',
      'contact.merged',
      'contact.archived',
      'contact.deleted',
      'admin.removed_from_workspace',
    ]);
    expect(seen[2]?.data.item.conversation_parts?.conversation_parts).toMatchObject([
      { id: partId, redacted: true, body: null },
    ]);
    expect(seen[4]?.data.item).toMatchObject({ type: 'contact', external_id: 'tg:1001' });
  });

  it('come only where subscribed to', async () => {
    const quiet = sandbox.intercom.workspace({
      appId: 'quiet',
      clientSecret: secret,
      admin,
      webhookUrl: receiver.url,
      topics: ['conversation.admin.replied'],
    });
    const { id } = quiet.addConversation(quiet.addContact({ externalId: 'tg:1' }).id, 'Hello');
    quiet.teammate({ id: '9000042', name: 'Kim Ode' }).reply(id, '<p>Hi</p>');
    expect((await notifications()).map(({ topic }) => topic)).toEqual(['conversation.admin.replied']);
  });
});

describe('delivery', () => {
  it('tries once more, under the same id', async () => {
    let failures = 1;
    receiver.answer = () => (failures-- > 0 ? 503 : 200);
    const [delivery] = kim.reply(conversation.id, '<p>Hi</p>').deliveries;
    const seen = await notifications();
    expect(seen.map(({ delivery_attempts }) => delivery_attempts)).toEqual([1, 2]);
    expect(seen[1]?.id).toBe(seen[0]?.id);
    expect(delivery?.state).toBe('delivered');
  });

  it('is lost after the second failure, and keeps nothing waiting', async () => {
    receiver.answer = ({ body }) => (body.includes('lost') ? 500 : 200);
    const [lost] = kim.reply(conversation.id, '<p>lost</p>').deliveries;
    const [kept] = kim.reply(conversation.id, '<p>kept</p>').deliveries;
    await sandbox.settled();
    expect([lost?.state, lost?.tries.length]).toEqual(['failed', 2]);
    expect([kept?.state, kept?.tries.length]).toEqual(['delivered', 1]);
  });

  it('is dropped where there is no address', () => {
    workspace.webhookUrl = undefined;
    expect(kim.reply(conversation.id, '<p>Hi</p>').deliveries[0]?.state).toBe('dropped');
  });
});

/** Paths of the example's fields that the notification lacks. Sizes of pictures are not known to the double. */
function missingFields(example: unknown, actual: unknown, path: string): string[] {
  if (Array.isArray(example))
    return missingFields(example[0], Array.isArray(actual) ? actual[0] : undefined, `${path}[0]`);
  if (example === null || typeof example !== 'object') return [];
  return Object.entries(example).flatMap(([name, value]) => {
    if (name === 'width' || name === 'height') return [];
    const found = actual !== null && typeof actual === 'object' ? (actual as Json)[name] : undefined;
    return found === undefined ? [`${path}.${name}`] : missingFields(value, found, `${path}.${name}`);
  });
}
