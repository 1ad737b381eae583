import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pino from 'pino';
import { loadOrMakeSecrets } from '../config/secrets.ts';
import { readConfig } from '../config.ts';
import { startScratch } from '../db/embedded/scratch.ts';
import { newId } from '../db/ids.ts';
import { type Octopods, startOctopods } from '../main.ts';
import { startSandbox } from '../sandbox/server.ts';
import type { IntercomWorkspace, Sandbox } from '../sandbox/types.ts';
import { drawing, photo, voice } from './try/samples.ts';
import type { OpenScene, Scene, Seen } from './try/scene.ts';
import { sms } from './try/sms.ts';
import { telegram } from './try/telegram.ts';
import { whatsapp } from './try/whatsapp.ts';

/** What can be tried, by the word for it on the command line. */
const scenes: Readonly<Record<string, Scene>> = { telegram, sms, whatsapp };

const { values } = parseArgs({ options: { channel: { type: 'string', default: 'telegram' } } });
const scene = scenes[values.channel];
if (!scene) {
  console.error(`There is no scene for “${values.channel}”. There are: ${Object.keys(scenes).join(', ')}.`);
  process.exit(2);
}

const began = performance.now();
let lastStep = began;

/** One line a step: when it was reached, and how long it took. */
function step(what: string): void {
  const now = performance.now();
  console.log(
    `${String(Math.round(now - began)).padStart(6)} ms  ${`+${Math.round(now - lastStep)}`.padStart(6)}  ${what}`,
  );
  lastStep = now;
}

/** Ends the trial when something is not as it should be. */
function must(condition: boolean, complaint: string): asserts condition {
  if (!condition) throw new Error(complaint);
}

const closers: (() => Promise<unknown>)[] = [];
try {
  await act(scene);
  console.log('\nThe customer’s messages reached the inbox in order, and the reply reached the customer.');
} catch (error) {
  console.error(`\nFAILED: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  for (const close of closers.reverse()) await close();
}
process.exit();

async function act(scene: Scene): Promise<void> {
  console.log(`A customer on ${scene.label} and a teammate in Intercom, both played by the sandbox.\n`);
  const sandbox = await startSandbox();
  closers.push(() => sandbox.close());
  const octopods = await startServer(sandbox);
  const inbox = sandbox.intercom.workspace({
    appId: 'acme1234',
    appName: 'Acme',
    clientSecret: randomUUID(),
    admin: { id: '1001', name: 'Octopods', email: 'octopods@acme.example' },
  });
  const accountId = newId();
  const workspaceId = await octopods.setup.connectWorkspace({
    accountId,
    platform: 'intercom',
    sandbox: true,
    config: { accessToken: inbox.accessToken, clientSecret: inbox.clientSecret },
  });
  const workspace = await octopods.connections.workspace(workspaceId);
  inbox.webhookUrl = `${octopods.url}/hooks/${workspace?.hookToken}`;
  step('the Intercom workspace “Acme” is connected');

  const open = scene.open(sandbox);
  const channelId = await octopods.setup.connectChannel({
    accountId,
    workspaceId,
    kind: scene.channel,
    config: open.config,
  });
  const channel = await octopods.connections.channel(channelId);
  must(channel?.status === 'connected', `The channel is ${channel?.status}, not connected.`);
  step(`the ${scene.label} channel ${channel.name} is connected`);

  await customerWrites(sandbox, inbox, open);
  await teammateAnswers(sandbox, inbox, open);
  await everyMessageArrived(octopods);
  const [breach] = sandbox.violations;
  must(!breach, `${breach?.vendor} would not take this: ${breach?.message}`);
}

async function startServer(sandbox: Sandbox): Promise<Octopods> {
  const scratch = await startScratch();
  closers.push(() => scratch.stop());
  step('PostgreSQL runs on a scratch database');
  const dataDir = await mkdtemp(join(tmpdir(), 'octopods-try-'));
  closers.push(() => rm(dataDir, { recursive: true, force: true }));
  const config = readConfig({ PORT: '0', OCTOPODS_DATA_DIR: dataDir });
  const octopods = await startOctopods({
    config,
    databaseUrl: scratch.url,
    secrets: await loadOrMakeSecrets(dataDir),
    logger: pino({ level: 'warn' }),
    sandboxUrl: sandbox.url,
  });
  closers.push(() => octopods.stop());
  step(`Octopods runs at ${octopods.url}`);
  return octopods;
}

async function customerWrites(sandbox: Sandbox, inbox: IntercomWorkspace, open: OpenScene): Promise<void> {
  open.sendText('Hello, my parcel has not arrived. 📦');
  open.sendPhoto(photo, 'This is the label.');
  open.sendVoice?.(voice);
  const wanted = open.sendVoice ? 3 : 2;
  step(`${open.customerName} sends ${open.sendVoice ? 'a text, a photo and a voice note' : 'a text and a photo'}`);

  const parts = await sandbox.until(
    () => {
      const all = inbox.conversations[0]?.timeline ?? [];
      return all.length >= wanted && all;
    },
    { what: `${wanted} parts in the inbox` },
  );
  must(inbox.conversations.length === 1, `There are ${inbox.conversations.length} conversations, not one.`);
  must(parts.length === wanted, `The inbox shows ${parts.length} parts, not ${wanted}.`);
  const contact = inbox.contact(inbox.conversations[0]?.contactIds[0] ?? '');
  must(contact.name === open.customerName || contact.phone !== null, `The contact is called ${contact.name}.`);
  const [first, second, third] = parts.map(({ text, attachments }): Seen => ({ text, attachments: [...attachments] }));
  must(first?.text === 'Hello, my parcel has not arrived. 📦', `The first part says “${first?.text}”.`);
  must(second?.text === 'This is the label.', `The second part says “${second?.text}”.`);
  must(same(second.attachments[0]?.bytes, photo), 'The photo is not the one that was sent.');
  if (open.sendVoice) must(same(third?.attachments[0]?.bytes, voice), 'The voice note is not the one that was sent.');
  for (const { author, text, attachments } of parts) {
    step(
      `the inbox shows, from ${author.name ?? open.customerName}: ${inWords({ text, attachments: [...attachments] })}`,
    );
  }
  must(open.fromBusiness().length === 0, 'The customer was answered before anybody did.');
}

async function teammateAnswers(sandbox: Sandbox, inbox: IntercomWorkspace, open: OpenScene): Promise<void> {
  const thread = inbox.conversations[0]?.id ?? '';
  const kim = inbox.teammate({ id: '1002', name: 'Kim Ode' });
  kim.note(thread, '<p>This is between us.</p>');
  kim.reply(thread, '<p>It is <b>on its way</b>, see here:</p>', {
    inlineImages: [{ name: 'route.png', mime: 'image/png', bytes: drawing }],
  });
  step('Kim Ode writes an internal note, and replies with a picture');

  const arrived = () => open.fromBusiness().some(message => message.attachments.length > 0);
  await sandbox.until(arrived, { what: 'the reply at the customer' });
  const sent = open.fromBusiness();
  const words = sent.map(message => message.text).join('\n');
  must(words.includes('It is on its way, see here:'), `The customer reads “${words}”.`);
  must(!words.includes('between us'), 'The internal note reached the customer.');
  const picture = sent.flatMap(message => message.attachments)[0];
  must(same(picture?.bytes, drawing), 'The picture is not the one that was sent.');
  for (const message of sent) {
    step(`the customer sees: ${inWords(message)}`);
  }
}

async function everyMessageArrived(octopods: Octopods): Promise<void> {
  const { rows } = await octopods.pool.query<{ direction: string; status: string }>(
    'select direction, status from messages',
  );
  const lost = rows.filter(row => row.status === 'failed' || row.status === 'unconfirmed');
  must(lost.length === 0, `${lost.length} of ${rows.length} messages did not arrive.`);
}

function inWords({ text, attachments }: Seen): string {
  const files = attachments.map(({ name, mime, bytes }) =>
    [name, mime, `${bytes.length} bytes`].filter(part => part !== '').join(', '),
  );
  return [text, ...files.map(file => `[${file}]`)].filter(part => part !== '').join(' ');
}

function same(found: Uint8Array | undefined, sent: Uint8Array): boolean {
  return found !== undefined && Buffer.compare(found, sent) === 0;
}
