import { request } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox } from '../server.ts';
import { png, startWeb } from '../testing.ts';
import type { InboxConversation, IntercomWorkspace, Json, Sandbox } from '../types.ts';

const admin = { id: '9000001', name: 'Bridge', email: 'bridge@example.com' };
let sandbox: Sandbox;
let workspace: IntercomWorkspace;
let conversation: InboxConversation;

beforeEach(async () => {
  sandbox = await startSandbox();
  workspace = sandbox.intercom.workspace({ appId: 'wksp1234', clientSecret: 'made-up', admin });
  conversation = workspace.addConversation(workspace.addContact({ externalId: 'tg:1001' }).id, 'Hello');
});

afterEach(() => sandbox.close());

/** Replies as the contact; the status of the answer, and its error's code. */
async function reply(body: Json | string) {
  const words = { message_type: 'comment', type: 'user', intercom_user_id: conversation.contactIds[0], body: '' };
  const answer = await request(`${sandbox.url}/api.intercom.io/conversations/${conversation.id}/reply`, {
    method: 'POST',
    headers: { authorization: `Bearer ${workspace.accessToken}`, 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify({ ...words, ...body }),
  });
  const { errors } = (await answer.body.json()) as { errors?: { code: string }[] };
  return { status: answer.statusCode, code: errors?.[0]?.code };
}

describe('a teammate’s files', () => {
  it('live at signed addresses that expire', async () => {
    const file = { name: 'Rechnung März.pdf', mime: 'application/pdf', bytes: png };
    workspace.teammate({ id: '9000042', name: 'Kim Ode' }).reply(conversation.id, '<p>The invoice</p>', {
      attachments: [file],
      inlineImages: [{ name: 'pic.png', mime: 'image/png', bytes: png }],
    });
    const part = conversation.parts[0];
    const url = part?.attachments[0]?.url ?? '';
    expect(url).toMatch(
      /^https:\/\/downloads\.intercomcdn\.com\/i\/o\/\d+\/Rechnung%20M%C3%A4rz\.pdf\?expires=\d+&signature=/,
    );
    expect(part?.html).toMatch(/<img src="https:\/\/downloads\.intercomcdn\.com\/[^"]+&amp;signature=/);
    const fetchIt = (address: string) => request(address.replace('https:/', sandbox.url));
    const answer = await fetchIt(url);
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'application/pdf']);
    expect(Buffer.from(await answer.body.arrayBuffer())).toEqual(Buffer.from(png));
    expect((await fetchIt(url.replace(/signature=..../, 'signature=0000'))).statusCode).toBe(403);
    sandbox.intercom.expireDownloads();
    expect((await fetchIt(url)).statusCode).toBe(403);
  });
});

describe('a contact’s files', () => {
  it('come as base64, alone or with words', async () => {
    const files = [{ name: 'a.png', content_type: 'image/png', data: Buffer.from(png).toString('base64') }];
    expect((await reply({ attachment_files: files })).status).toBe(200);
    expect((await reply({ body: 'and again', attachment_files: files })).status).toBe(200);
    expect(conversation.parts.map(({ text }) => text)).toEqual(['', 'and again']);
    for (const { attachments } of conversation.parts) {
      expect(attachments).toMatchObject([{ name: 'a.png', mime: 'image/png' }]);
      expect(Buffer.from(attachments[0]?.bytes ?? [])).toEqual(Buffer.from(png));
    }
  });

  it('are fetched from addresses on loopback', async () => {
    const { web, address } = await startWeb();
    try {
      expect((await reply({ body: 'See this', attachment_urls: [`${address}/pic.png`] })).status).toBe(200);
      for (const unreachable of [`${address}/gone.png`, 'https://files.example.com/a.png']) {
        expect((await reply({ body: 'See this', attachment_urls: [unreachable] })).status).toBe(400);
      }
    } finally {
      await web.close();
    }
    expect(conversation.parts.map(({ attachments }) => attachments[0]?.name)).toEqual(['pic.png']);
  });

  it('are refused as broken base64, in too great a number, and in broken JSON', async () => {
    const file = { name: 'a.png', content_type: 'image/png', data: 'AAAA' };
    const broken = { ...file, data: 'data:image/png;base64,AAAA' };
    for (const body of [
      {},
      { attachment_files: [broken] },
      { attachment_files: Array(11).fill(file) },
      '{"type": "user"',
    ]) {
      expect((await reply(body)).status).toBe(400);
    }
    expect((await reply('{"type": "user"')).code).toBe('parameter_invalid');
    expect(conversation.parts).toEqual([]);
  });
});
