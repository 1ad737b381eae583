import { request } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadContracts } from '../contracts.ts';
import { startSandbox } from '../server.ts';
import { png, sharedContracts } from '../testing.ts';
import type { IntercomWorkspace, Json, Sandbox } from '../types.ts';

const contractsDir = sharedContracts() ?? '';
const admin = { id: '9000001', name: 'Bridge', email: 'bridge@example.com' };

describe.skipIf(contractsDir === '')('the vendor’s OpenAPI description', () => {
  let sandbox: Sandbox;
  let workspace: IntercomWorkspace;

  beforeEach(async () => {
    sandbox = await startSandbox({ contractsDir });
    workspace = sandbox.intercom.workspace({ appId: 'wksp1234', clientSecret: 'made-up', admin });
  });

  afterEach(() => sandbox.close());

  async function call(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: Json) {
    const answer = await request(`${sandbox.url}/api.intercom.io${path}`, {
      method,
      headers: { authorization: `Bearer ${workspace.accessToken}`, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return { status: answer.statusCode, body: (await answer.body.json()) as Json };
  }

  it('is broken by a missing, misspelt or misplaced field; the breach is noted and refused', async () => {
    const contact = workspace.addContact({ externalId: 'tg:1001' });
    const { id } = workspace.addConversation(contact.id, 'Hello');
    const cases: [path: string, body: Json, breach: RegExp][] = [
      [
        '/conversations',
        { from: { type: 'user', id: contact.id }, body: 'x', attachment_files: [] },
        /attachment_files is no field of POST \/conversations/,
      ],
      [`/conversations/${id}/reply`, { message_type: 'comment', type: 'user', body: 'x' }, /intercom_user_id/],
      ['/contacts', { name: 'nobody in particular' }, /must have required property 'external_id'/],
      [
        `/conversations/${id}/parts`,
        { message_type: 'close', type: 'admin' },
        /must have required property 'admin_id'/,
      ],
      ['/contacts/search', { query: { field: 'phone', operator: 'LIKE', value: '1' } }, /\/query/],
    ];
    for (const [path, body, breach] of cases) {
      const before = sandbox.violations.length;
      expect((await call('POST', path, body)).status).toBe(400);
      const messages = sandbox.violations.slice(before).map(({ message }) => message);
      expect(messages.join('\n')).toMatch(breach);
    }
    expect(workspace.conversation(id).parts).toEqual([]);
  });

  it('is broken by a path that the double does not know', async () => {
    expect((await call('GET', '/coffees')).status).toBe(404);
    expect(sandbox.violations).toMatchObject([{ vendor: 'intercom', message: 'the double knows no GET /coffees' }]);
  });

  it('fits every call made here, and every answer of the double', async () => {
    const { intercom: contract } = await loadContracts(contractsDir);
    const problems: string[] = [];
    /** Makes a call whose path is one of the description's, with the placeholders filled in. */
    const checked = async (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, ids: Json = {}, body?: Json) => {
      const filled = path.replace(/\{(\w+)\}/g, (_whole, name: string) => encodeURIComponent(String(ids[name])));
      const answer = await call(method, filled, body);
      // The description forgets that an address may be empty; the vendor's own examples show null there.
      const found = contract.answer(method, path, answer.status, answer.body);
      problems.push(
        ...found.filter(problem => !/\/email must be string$/.test(problem)).map(p => `${method} ${path}: ${p}`),
      );
      expect([method, path, answer.status]).toEqual([method, path, 200]);
      return answer.body;
    };
    const one = '/conversations/{conversation_id}';

    await checked('GET', '/me');
    await checked('GET', '/admins');
    await checked('POST', '/data_attributes', {}, { name: 'channel', model: 'contact', data_type: 'string' });
    await checked('GET', '/data_attributes');
    const contact = { role: 'user', external_id: 'tg:1001', name: 'Jo', custom_attributes: { channel: 'telegram' } };
    const { id: contact_id } = await checked('POST', '/contacts', {}, contact);
    await checked('GET', '/contacts/find_by_external_id/{external_id}', { external_id: 'tg:1001' });
    await checked('GET', '/contacts/{contact_id}', { contact_id });
    await checked('PUT', '/contacts/{contact_id}', { contact_id }, { phone: '+12025550100' });
    await checked('POST', '/contacts/search', {}, { query: { field: 'phone', operator: '=', value: '+12025550100' } });
    const lead = await checked('POST', '/contacts', {}, { role: 'lead', name: 'Visitor' });
    await checked('POST', '/contacts/merge', {}, { from: lead.id, into: contact_id });
    await checked('POST', '/contacts/{contact_id}/archive', { contact_id });
    await checked('POST', '/contacts/{contact_id}/unarchive', { contact_id });
    const from = { type: 'user', id: contact_id };
    const { conversation_id } = await checked('POST', '/conversations', {}, { from, body: 'Hello' });
    const file = { name: 'a.png', content_type: 'image/png', data: Buffer.from(png).toString('base64') };
    const words = { message_type: 'comment', type: 'user', intercom_user_id: contact_id, body: 'See' };
    await checked('POST', `${one}/reply`, { conversation_id }, { ...words, attachment_files: [file] });
    const note = { message_type: 'note', type: 'admin', admin_id: admin.id, body: '<p>Careful</p>' };
    await checked('POST', `${one}/reply`, { conversation_id }, note);
    workspace.bot().reply(String(conversation_id), '<p>I am the assistant.</p>');
    for (const body of [
      { message_type: 'close', type: 'admin', admin_id: admin.id, body: 'Bye' },
      { message_type: 'open', admin_id: admin.id },
      { message_type: 'snoozed', admin_id: admin.id, snoozed_until: 1_900_000_000 },
      { message_type: 'assignment', type: 'admin', admin_id: admin.id, assignee_id: admin.id },
    ]) {
      await checked('POST', `${one}/parts`, { conversation_id }, body);
    }
    await checked('GET', one, { conversation_id });
    await checked('PUT', one, { conversation_id }, { read: true, custom_attributes: { last_delivery_state: 'sent' } });
    const query = { field: 'contact_ids', operator: '=', value: contact_id };
    await checked('POST', '/conversations/search', {}, { query });
    const { id: tag_id } = await checked('POST', '/tags', {}, { name: 'Undelivered' });
    await checked('GET', '/tags');
    await checked('POST', `${one}/tags`, { conversation_id }, { id: tag_id, admin_id: admin.id });
    await checked('GET', one, { conversation_id });
    await checked('DELETE', `${one}/tags/{tag_id}`, { conversation_id, tag_id }, { admin_id: admin.id });
    const message = { message_type: 'in_app', body: 'Hi', from: { type: 'admin', id: Number(admin.id) } };
    const to = { type: 'user', id: contact_id };
    await checked('POST', '/messages', {}, { ...message, to, create_conversation_without_contact_reply: true });
    const redaction = { type: 'source', conversation_id, source_id: workspace.conversations[0]?.source.id };
    await checked('POST', '/conversations/redact', {}, redaction);
    await checked('DELETE', one, { conversation_id });
    await checked('DELETE', '/contacts/{contact_id}', { contact_id });

    expect(problems).toEqual([]);
    expect(sandbox.violations).toEqual([]);
  });
});
