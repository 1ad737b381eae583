import { IntercomClient, IntercomError } from 'intercom-client';
import { request } from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox } from '../server.ts';
import { png, sharedContracts } from '../testing.ts';
import type { IntercomWorkspace, Json, Sandbox } from '../types.ts';

const contractsDir = sharedContracts();
let sandbox: Sandbox;
let workspace: IntercomWorkspace;
let client: IntercomClient;
let count = 0;

const admin = { id: '9000001', name: 'Bridge', email: 'bridge@example.com' };

beforeAll(async () => {
  sandbox = await startSandbox({ ...(contractsDir === undefined ? {} : { contractsDir }) });
});

afterAll(() => sandbox.close());

beforeEach(() => {
  workspace = sandbox.intercom.workspace({ appId: `wksp${++count}`, appName: 'Acme', clientSecret: 'made-up', admin });
  client = new IntercomClient({
    token: workspace.accessToken,
    baseUrl: `${sandbox.url}/api.intercom.io`,
    maxRetries: 0,
  });
});

/** A call as JSON, for what the official client does not let through. */
async function call(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: Json,
  headers: Record<string, string> = {},
) {
  const answer = await request(`${sandbox.url}/api.intercom.io${path}`, {
    method,
    headers: {
      authorization: `Bearer ${workspace.accessToken}`,
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...headers,
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return { status: answer.statusCode, headers: answer.headers, body: (await answer.body.json()) as Json };
}

async function refusal(work: Promise<unknown>): Promise<IntercomError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof IntercomError) return error;
  throw new Error('The call was not refused by Intercom.', { cause: error });
}

const errorOf = (body: unknown) => (body as { errors: [{ code: string; message: string }] }).errors[0];

const jo = { role: 'user', external_id: 'tg:1001', name: 'Jo Customer' } as const;

async function opened(text = 'Hello there') {
  const contact = await client.contacts.create(jo);
  const message = await client.conversations.create({ from: { type: 'user', id: contact.id ?? '' }, body: text });
  return { contactId: contact.id ?? '', conversationId: message.conversation_id ?? '', messageId: message.id };
}

describe('who calls', () => {
  it('knows the workspace by its token', async () => {
    expect(await client.admins.identify()).toMatchObject({
      id: '9000001',
      app: { id_code: workspace.appId, name: 'Acme', region: 'US' },
    });
    expect((await client.admins.list()).admins).toMatchObject([{ id: '9000001' }]);
  });

  it('answers 401 to an unknown token, a revoked one, and on another region’s host', async () => {
    const stranger = new IntercomClient({ token: 'nobody', baseUrl: `${sandbox.url}/api.intercom.io`, maxRetries: 0 });
    expect(errorOf((await refusal(stranger.admins.identify())).body)?.code).toBe('unauthorized');
    const abroad = new IntercomClient({
      token: workspace.accessToken,
      baseUrl: `${sandbox.url}/api.eu.intercom.io`,
      maxRetries: 0,
    });
    expect((await refusal(abroad.admins.identify())).statusCode).toBe(401);
    const renewed = workspace.revoke();
    expect(errorOf((await refusal(client.admins.identify())).body)?.code).toBe('token_revoked');
    expect((await call('GET', '/me', undefined, { authorization: `Bearer ${renewed}` })).status).toBe(200);
  });

  it('tells the rate limit with every answer', async () => {
    const { headers } = await call('GET', '/me');
    expect(Number(headers['x-ratelimit-remaining'])).toBeLessThan(Number(headers['x-ratelimit-limit']));
    expect(Number(headers['x-ratelimit-reset'])).toBeGreaterThan(0);
    expect((await call('GET', '/contacts/nobody')).headers).toHaveProperty('x-ratelimit-limit');
  });

  it('knows the API’s versions', async () => {
    const answer = await call('GET', '/me', undefined, { 'intercom-version': '7.1' });
    expect([answer.status, errorOf(answer.body)?.code]).toEqual([400, 'intercom_version_invalid']);
  });
});

describe('contacts', () => {
  it('are found by their external id at once', async () => {
    const created = await client.contacts.create(jo);
    expect(created.id).toMatch(/^[0-9a-f]{24}$/);
    expect(await client.contacts.showContactByExternalId({ external_id: 'tg:1001' })).toMatchObject({
      id: created.id,
      name: 'Jo Customer',
    });
    const answer = await call('GET', '/contacts/find_by_external_id/tg%3A404');
    expect([answer.status, errorOf(answer.body)?.code]).toEqual([404, 'not_found']);
  });

  it('conflict with a live one, and in other words with an archived one', async () => {
    const { id = '' } = await client.contacts.create(jo);
    expect(errorOf((await refusal(client.contacts.create(jo))).body)).toEqual({
      code: 'conflict',
      message: `A contact matching those details already exists with id=${id}`,
    });
    await client.contacts.archive({ contact_id: id });
    const error = await refusal(client.contacts.create(jo));
    expect([error.statusCode, errorOf(error.body)?.message]).toEqual([
      409,
      `An archived contact matching those details already exists with id=${id}`,
    ]);
    expect((await call('GET', `/contacts/${id}`)).status).toBe(404);
    await client.contacts.unarchive({ contact_id: id });
    expect((await call('GET', `/contacts/${id}`)).status).toBe(200);
  });

  it('are searched, with a lag where it is switched on', async () => {
    const byPhone = { query: { field: 'phone', operator: '=' as const, value: '+12025550100' } };
    workspace.searchLag = true;
    const { id } = await client.contacts.create({ ...jo, phone: '+12025550100' });
    expect((await client.contacts.search(byPhone)).data).toEqual([]);
    workspace.catchUp();
    expect((await client.contacts.search(byPhone)).data.map(contact => contact.id)).toEqual([id]);
    const either = {
      query: {
        operator: 'OR' as const,
        value: [
          { field: 'phone', operator: '=' as const, value: '12025550100' },
          { field: 'email', operator: '~' as const, value: 'example' },
        ],
      },
    };
    expect((await client.contacts.search(either)).data).toEqual([]);
  });

  it('come in pages', async () => {
    for (const n of [1, 2, 3]) await client.contacts.create({ ...jo, external_id: `tg:${n}` });
    const query = { field: 'role', operator: '=' as const, value: 'user' };
    const ids: (string | undefined | null)[] = [];
    for await (const contact of await client.contacts.search({ query, pagination: { per_page: 2 } })) {
      ids.push(contact.external_id);
    }
    expect(ids).toEqual(['tg:1', 'tg:2', 'tg:3']);
  });

  it('know only attributes that were made before', async () => {
    const withAttribute = { ...jo, custom_attributes: { channel: 'telegram' } };
    expect((await refusal(client.contacts.create(withAttribute))).statusCode).toBe(400);
    await call('POST', '/data_attributes', { name: 'channel', model: 'contact', data_type: 'string' });
    expect((await client.dataAttributes.list({ model: 'contact' })).data).toMatchObject([{ name: 'channel' }]);
    await client.contacts.create(withAttribute);
    expect(workspace.contact('tg:1001').customAttributes).toEqual({ channel: 'telegram' });
  });

  it('merge: 404 for the old id, 410 with a link from 2.16 on', async () => {
    const { contactId, conversationId } = await opened();
    const survivor = workspace.addContact({ name: 'Jo from the web', email: 'jo@example.com' });
    workspace.mergeContacts(contactId, survivor.id);
    expect((await call('GET', `/contacts/${contactId}`)).status).toBe(404);
    const answer = await call('GET', `/contacts/${contactId}`, undefined, { 'intercom-version': '2.16' });
    expect([answer.status, errorOf(answer.body)?.code, answer.headers.link]).toEqual([
      410,
      'contact_merged',
      `</contacts/${survivor.id}>; rel="canonical"`,
    ]);
    expect(workspace.conversation(conversationId).contactIds).toEqual([survivor.id]);
    expect(workspace.contact('tg:1001').id).toBe(survivor.id);
  });

  it('get the id asked for', async () => {
    workspace.nextContactId('contact-17');
    expect((await client.contacts.create(jo)).id).toBe('contact-17');
  });
});

describe('conversations', () => {
  it('open with a message that names its conversation', async () => {
    workspace.nextConversationId('215470000000017');
    const { conversationId, messageId } = await opened('a < b & c\nnext line');
    expect(conversationId).toBe('215470000000017');
    expect(workspace.conversation(conversationId).source).toMatchObject({
      id: messageId,
      author: { type: 'user', name: 'Jo Customer' },
      html: '<p>a &lt; b &amp; c<br>next line</p>',
      text: 'a < b & c\nnext line',
      viaApi: true,
    });
  });

  it('need words and a contact that is there', async () => {
    const { id = '' } = await client.contacts.create(jo);
    const wordless = client.conversations.create({ from: { type: 'user', id }, body: '' });
    expect((await refusal(wordless)).statusCode).toBe(400);
    const strange = client.conversations.create({ from: { type: 'user', id: 'f'.repeat(24) }, body: 'x' });
    expect(errorOf((await refusal(strange)).body)).toEqual({ code: 'not_found', message: 'User Not Found' });
  });

  it('take a contact’s reply with files, and reopen by it', async () => {
    const { contactId, conversationId } = await opened();
    workspace.teammate({ id: '9000042', name: 'Kim Ode' }).close(conversationId);
    workspace.nextPartId('3100000012');
    const answer = await client.conversations.reply({
      conversation_id: conversationId,
      body: {
        message_type: 'comment',
        type: 'user',
        intercom_user_id: contactId,
        body: 'See this',
        attachment_files: [{ name: 'a.png', content_type: 'image/png', data: Buffer.from(png).toString('base64') }],
      },
    });
    expect(answer.conversation_parts?.conversation_parts?.at(-1)).toMatchObject({
      id: '3100000012',
      part_type: 'open',
    });
    const conversation = workspace.conversation(conversationId);
    expect(conversation.state).toBe('open');
    expect(conversation.timeline.map(({ type, text }) => [type, text])).toEqual([
      ['source', 'Hello there'],
      ['close', ''],
      ['open', 'See this'],
    ]);
    expect(conversation.parts.at(-1)?.attachments).toMatchObject([{ name: 'a.png', mime: 'image/png' }]);
    expect(Buffer.from(conversation.parts.at(-1)?.attachments[0]?.bytes ?? [])).toEqual(Buffer.from(png));
  });

  it('take notes and replies of admins, and refuse those of strangers', async () => {
    const { conversationId } = await opened();
    const note = { message_type: 'note', type: 'admin', admin_id: '9000001', body: '<p>Not delivered</p>' } as const;
    await client.conversations.reply({ conversation_id: conversationId, body: note });
    await client.conversations.reply({
      conversation_id: conversationId,
      body: { ...note, message_type: 'comment', body: 'From the phone' },
    });
    expect(workspace.conversation(conversationId).parts).toMatchObject([
      { type: 'note', text: 'Not delivered', author: { type: 'admin', id: '9000001' } },
      { type: 'comment', text: 'From the phone' },
    ]);
    const stranger = client.conversations.reply({ conversation_id: conversationId, body: { ...note, admin_id: '1' } });
    expect(errorOf((await refusal(stranger)).body)?.code).toBe('admin_not_found');
  });

  it('close, open, snooze and are assigned', async () => {
    const { conversationId } = await opened();
    const manage = (body: Json) =>
      call('POST', `/conversations/${conversationId}/parts`, { admin_id: admin.id, ...body });
    const conversation = workspace.conversation(conversationId);
    await manage({ message_type: 'close', type: 'admin', body: 'Bye' });
    expect(conversation.state).toBe('closed');
    await manage({ message_type: 'open' });
    expect(conversation.state).toBe('open');
    const snoozed = await manage({ message_type: 'snoozed', snoozed_until: 1_900_000_000 });
    expect(snoozed.body).toMatchObject({ state: 'snoozed', snoozed_until: 1_900_000_000 });
    await manage({ message_type: 'assignment', type: 'admin', assignee_id: admin.id });
    expect(conversation.assignee).toEqual({ type: 'admin', id: admin.id });
    await manage({ message_type: 'assignment', type: 'admin', assignee_id: '0' });
    expect(conversation.assignee).toEqual({ type: 'nobody' });
  });

  it('are gone once deleted', async () => {
    const { contactId, conversationId } = await opened();
    workspace.deleteConversation(conversationId);
    for (const answer of [
      await call('GET', `/conversations/${conversationId}`),
      await call('POST', `/conversations/${conversationId}/reply`, {
        message_type: 'comment',
        type: 'user',
        intercom_user_id: contactId,
        body: 'anyone?',
      }),
    ]) {
      expect([answer.status, errorOf(answer.body)]).toEqual([
        404,
        { code: 'not_found', message: 'Resource Not Found' },
      ]);
    }
  });

  it('are searched by contact, with the same lag', async () => {
    workspace.searchLag = true;
    const { contactId, conversationId } = await opened();
    const query = { field: 'contact_ids', operator: '=' as const, value: contactId };
    const found = async () => (await client.conversations.search({ query })).data.map(({ id }) => id);
    expect(await found()).toEqual([]);
    workspace.catchUp();
    expect(await found()).toEqual([conversationId]);
  });

  it('keep title, attributes and tags', async () => {
    const { conversationId } = await opened();
    await client.conversations.update({
      conversation_id: conversationId,
      read: true,
      custom_attributes: { last_delivery_state: 'failed' },
    });
    const tag = await client.tags.create({ name: 'Undelivered' });
    await client.tags.tagConversation({ conversation_id: conversationId, id: tag.id ?? '', admin_id: admin.id });
    expect(workspace.conversation(conversationId)).toMatchObject({
      tags: ['Undelivered'],
      customAttributes: { last_delivery_state: 'failed' },
    });
    await client.tags.untagConversation({ conversation_id: conversationId, tag_id: tag.id ?? '', admin_id: admin.id });
    expect(workspace.conversation(conversationId).tags).toEqual([]);
  });

  it('begin with a message of an admin only when asked to at once', async () => {
    const { id = '' } = await client.contacts.create(jo);
    const message = {
      message_type: 'in_app',
      body: 'Hello from us',
      from: { type: 'admin', id: 9000001 },
      to: { type: 'user', id },
    };
    expect((await call('POST', '/messages', message)).body).not.toHaveProperty('conversation_id');
    expect(workspace.conversations).toHaveLength(0);
    const { body } = await call('POST', '/messages', { ...message, create_conversation_without_contact_reply: true });
    expect(workspace.conversation(String(body.conversation_id))).toMatchObject({ deliveredAs: 'admin_initiated' });
  });
});
