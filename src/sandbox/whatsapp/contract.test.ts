import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadContracts } from '../contracts.ts';
import { startSandbox } from '../server.ts';
import { ogg, png, sharedContracts } from '../testing.ts';
import type { Json, Sandbox } from '../types.ts';
import { errorOf, type Stage, setStage } from './testing.ts';

const contractsDir = sharedContracts() ?? '';

describe.skipIf(contractsDir === '')('Meta’s own description', () => {
  let sandbox: Sandbox;
  let stage: Stage;

  beforeEach(async () => {
    sandbox = await startSandbox({ contractsDir });
    stage = setStage(sandbox);
    stage.ada.text('Hello');
  });

  afterEach(() => sandbox.close());

  it.each<[string, Json, string]>([
    ['an unknown field', { type: 'text', text: { body: 'a' }, reply_to: 'x' }, 'reply_to'],
    ['a field of another type', { type: 'image', image: { id: '1', filename: 'a.png' } }, 'filename'],
    ['a wrong type', { type: 'text', text: { body: 7 } }, '/text/body must be string'],
    ['neither id nor link', { type: 'audio', audio: {} }, "required property 'id'"],
    [
      'a button’s title that is too long',
      {
        type: 'interactive',
        interactive: {
          type: 'button',
          body: { text: 'a' },
          action: { buttons: [{ type: 'reply', reply: { id: '1', title: 'x'.repeat(21) } }] },
        },
      },
      'must NOT have more than 20 characters',
    ],
  ])('notes %s', async (_what, message, problem) => {
    const answer = await stage.send(message);
    expect(answer.status).toBe(400);
    expect(errorOf(answer).code).toBe(100);
    const told = sandbox.violations.map(violation => violation.message).join('\n');
    expect(told).toContain(problem);
  });

  it('notes odd fields of a subscription', async () => {
    await stage.post(`${stage.account.wabaId}/subscribed_apps`, { callback: 'https://example.com' });
    expect(sandbox.violations).toMatchObject([{ message: 'callback is no field of SubscriptionRequest' }]);
  });

  /** Bodies that an independent client sends, and the document’s own examples. */
  it('finds no fault in messages that are known to be taken', async () => {
    const { whatsapp: contract } = await loadContracts(contractsDir);
    const folder = join(contractsDir, 'whatsapp', 'send-examples');
    const names = (await readdir(folder)).filter(name => /^(expectedMessage|send-message)/.test(name));
    const problems: string[] = [];
    for (const name of names) {
      const body = JSON.parse(await readFile(join(folder, name), 'utf8')) as Json;
      // A pin, and that client's spelling of interactive types.
      if (body.messaging_product === undefined || body.type === 'interactive') continue;
      for (const problem of await contract.request('sendMessage', body)) problems.push(`${name}: ${problem}`);
    }
    expect(problems).toEqual([]);
    expect(names.length).toBeGreaterThan(15);
  });

  it('fits what the double answers', async () => {
    const { whatsapp: contract } = await loadContracts(contractsDir);
    const { phoneNumberId } = stage.number;
    const { wabaId } = stage.account;
    const file = await stage.upload({ bytes: png, mime: 'image/png' });
    const shapes: [string, Json][] = [
      ['MessageResponsePayload', (await stage.send({ type: 'text', text: { body: 'a' } })).body],
      ['MessageResponsePayload', (await stage.send({ type: 'image', image: { id: file.body.id } })).body],
      ['PhoneNumberInfo', (await stage.get(phoneNumberId)).body],
      ['SubscriptionResponse', (await stage.post(`${wabaId}/subscribed_apps`, {})).body],
      ['SubscribedAppsResponse', (await stage.get(`${wabaId}/subscribed_apps`)).body],
      ['WhatsAppBusinessAccount', (await stage.get(wabaId)).body],
      ['GraphAPIError', (await stage.get('454545')).body],
    ];
    const problems: string[] = [];
    for (const [name, body] of shapes) {
      for (const problem of await contract.object(name, body)) problems.push(`${name}: ${problem}`);
    }
    expect(problems).toEqual([]);
  });

  it('makes no webhook with a field that no recorded one has', async () => {
    const { ada, number } = stage;
    const recorded = await recordedPaths();
    stage.account.template({ name: 'hello', language: 'en', body: 'Hello', quickReplies: ['Yes'] });
    const template = { name: 'hello', language: { code: 'en' } };
    const nadia = number.customer({ bsuid: 'GB.5550001112223334', name: 'Nadia', username: 'nadia' });
    ada.image(png, { caption: 'look' });
    ada.video(png);
    ada.audio(ogg);
    ada.voice(ogg);
    ada.document(png, { name: 'a.pdf', caption: 'b' });
    ada.sticker(png);
    ada.location({ latitude: 0, longitude: 4.3, name: 'n', address: 'a' });
    ada.contacts([{ name: 'Kim', phone: '+12025550143' }]);
    const { messageId } = ada.text('passed on', { forwarded: 'often', referral: { source_type: 'ad' } });
    ada.reply(messageId, 'that');
    ada.react(messageId, '👍');
    ada.unreact(messageId);
    ada.edit(messageId, 'changed');
    ada.revoke(messageId);
    nadia.text('Hi');
    await stage.send({ type: 'template', template, biz_opaque_callback_data: 'mark' });
    const asked = ada.messages.at(-1)?.id ?? '';
    ada.press(asked, 'Yes');
    ada.read(asked);
    number.failNext({ code: 131026, details: 'Message Undeliverable.' });
    await stage.send({ type: 'text', text: { body: 'never' } });
    number.echo(ada, 'from the phone');
    ada.changeNumber('447700900555');
    const paths = new Set(sandbox.deliveries.flatMap(({ body }) => pathsOf(JSON.parse(body))));
    expect([...paths].filter(path => !recorded.has(path))).toEqual([]);
    expect(paths.size).toBeGreaterThan(60);
  });
});

/**
 * Where in a body a value stands, and of what type it is: `entry[].id string`. All kinds of media count as one, and so do
 * messages of either side: recordings show only some of each with everything that they can hold.
 */
function pathsOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap(entry => pathsOf(entry, `${path}[]`));
  if (value === null || typeof value !== 'object') {
    const alike = path
      .replace(/\.(image|video|audio|document|sticker)\./, '.media.')
      .replace('message_echoes', 'messages');
    return [`${alike} ${typeof value}`];
  }
  return Object.entries(value).flatMap(([key, entry]) => pathsOf(entry, path === '' ? key : `${path}.${key}`));
}

/** All that webhooks recorded by others have. Some files hold several, each under a name. */
async function recordedPaths(): Promise<Set<string>> {
  const paths = new Set<string>();
  for (const folder of ['webhook-examples-pywa', 'webhook-examples-restfb', 'error-examples', 'replay']) {
    for (const name of await readdir(join(contractsDir, 'whatsapp', folder))) {
      const content = JSON.parse(await readFile(join(contractsDir, 'whatsapp', folder, name), 'utf8')) as Json;
      for (const body of 'entry' in content ? [content] : Object.values(content)) {
        for (const path of pathsOf(body)) paths.add(path);
      }
    }
  }
  return paths;
}
