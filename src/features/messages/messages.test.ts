import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testDatabase } from '../../../test/support/database.ts';
import { newId } from '../../db/ids.ts';
import type { NewRow } from '../../db/schema.ts';
import { type Member, startTestServer, type TestServer } from '../../http/testing.ts';

let server: TestServer;
let owner: Member;
let workspaceId: string;
let channelId: string;
let conversationId: string;

beforeAll(async () => {
  server = await startTestServer(await testDatabase());
  owner = await server.account('Company');
  const { accountId } = owner;
  workspaceId = await server.setUp.connectWorkspace({ accountId, platform: 'tower', config: { bell: 'bell' } });
  channelId = await server.setUp.connectChannel({
    accountId,
    workspaceId,
    kind: 'pigeon',
    config: { token: 'pigeon-7-abc' },
  });
  conversationId = await makeConversation('1001', { name: 'Grace Example', phone: '+12025550143' });
});
afterAll(() => server.stop());

const call = (path: string, json?: unknown) => server.call({ path: `/api/v1/${path}`, json, as: owner.headers });
const ids = (body: unknown) => (body as { items: { id: string }[] }).items.map(item => item.id);

async function makeConversation(address: string, contact: { name?: string; phone?: string } = {}): Promise<string> {
  const [contactId, id] = [newId(), newId()];
  const own = { workspace_id: workspaceId, account_id: owner.accountId };
  await server.db
    .insertInto('contacts')
    .values({ ...own, id: contactId, external_id: `pigeon:${address}`, ...contact })
    .execute();
  await server.db
    .insertInto('conversations')
    .values({
      ...own,
      id,
      channel_id: channelId,
      contact_id: contactId,
      address,
      address_key: address,
      last_message_at: new Date(),
    })
    .execute();
  return id;
}

async function makeMessage(more: Partial<NewRow<'messages'>> = {}): Promise<string> {
  const id = newId();
  await server.db
    .insertInto('messages')
    .values({
      workspace_id: workspaceId,
      id,
      account_id: owner.accountId,
      channel_id: channelId,
      conversation_id: conversationId,
      direction: 'outbound',
      status: 'delivered',
      remote_id: id,
      sender: JSON.stringify({ id: 'teammate-1', kind: 'teammate', name: 'Tim' }),
      parts: JSON.stringify([{ kind: 'text', text: 'hello' }]),
      at: new Date(),
      ...more,
    })
    .execute();
  return id;
}

const failure = JSON.stringify({ class: 'unreachable', message: 'The pigeon is gone.' });

describe('conversations', () => {
  test('are listed with contact and queue, the latest first, and can be searched', async () => {
    const newer = await makeConversation('1002', { name: 'Hedy Example' });
    await server.db
      .insertInto('lanes')
      .values({
        workspace_id: workspaceId,
        conversation_id: newer,
        channel_id: channelId,
        last_seq: 5,
        done_seq: 2,
        attempts: 3,
        parked_for: channelId,
      })
      .execute();
    const { body } = await call('conversations');
    expect(body).toMatchObject({
      items: [
        {
          id: newer,
          contact: { name: 'Hedy Example' },
          lane: { waiting: 3, attempts: 3, parkedFor: channelId, nextTryAt: null },
        },
        { id: conversationId, contact: { name: 'Grace Example', externalId: 'pigeon:1001' }, lane: { waiting: 0 } },
      ],
    });
    expect(ids((await call('conversations?q=5550143')).body)).toEqual([conversationId]);
    expect(ids((await call('conversations?state=closed')).body)).toEqual([]);
    expect((await call(`conversations/${newer}`)).body).toMatchObject({ id: newer, address: '1002' });
  });
});

describe('messages', () => {
  test('are listed by conversation in either order, page by page', async () => {
    const conversation = await makeConversation('1003');
    const made: string[] = [];
    for (let n = 0; n < 5; n++) made.push(await makeMessage({ conversation_id: conversation }));
    const path = `conversations/${conversation}/messages`;
    expect(ids((await call(`${path}?order=asc`)).body)).toEqual(made);
    const first = (await call(`${path}?limit=2`)).body as { nextCursor: string };
    expect(ids(first)).toEqual([made[4], made[3]]);
    // One that comes in between the pages moves none of them.
    await makeMessage({ conversation_id: conversation });
    expect(ids((await call(`${path}?limit=2&cursor=${first.nextCursor}`)).body)).toEqual([made[2], made[1]]);
  });

  test('that failed are the dead letters, with the reason and what to do', async () => {
    const failed = await makeMessage({ status: 'failed', failure });
    const unconfirmed = await makeMessage({ status: 'unconfirmed' });
    const { body } = await call('messages?status=failed,unconfirmed');
    expect(ids(body)).toEqual([unconfirmed, failed]);
    expect(body).toMatchObject({
      items: [
        { failure: null },
        { failure: { class: 'unreachable', message: 'The pigeon is gone.', advice: expect.any(String) } },
      ],
    });
    expect((await call('messages?status=lost')).body).toMatchObject({ code: 'VALIDATION_FAILED' });
  });

  test('show attachments by a path of ours and never by the vendor’s reference', async () => {
    const mediaId = randomUUID();
    const parts = [
      { kind: 'image', ref: 'https://vendor.example/?token=secret', mediaId, name: 'a.png', mime: 'image/png' },
      { kind: 'file', ref: 'secret-ref', unavailable: 'It was too large.' },
    ];
    const id = await makeMessage({ parts: JSON.stringify(parts) });
    const answer = await call(`messages/${id}`);
    expect(answer.body).toMatchObject({
      parts: [
        { kind: 'image', url: expect.stringMatching(`^/media/${workspaceId}/${mediaId}/`) },
        { kind: 'file', unavailable: 'It was too large.' },
      ],
    });
    expect(answer.text).not.toContain('secret');
  });

  test('can be followed from the webhook to the last receipt', async () => {
    const id = await makeMessage({ direction: 'inbound', remote_id: 'm-1', failure });
    const own = { workspace_id: workspaceId };
    const journalId = newId();
    const exchange = {
      method: 'POST',
      url: 'https://pigeon.example/***/send',
      status: 200,
      requestId: 'r-1',
      startedAt: new Date(),
      milliseconds: 12,
    };
    await server.db
      .insertInto('journal')
      .values({
        ...own,
        id: journalId,
        source_id: channelId,
        method: 'POST',
        url: '/hooks/***',
        headers: '{}',
        body: Buffer.from('{}'),
        events: JSON.stringify([{ type: 'message', key: 'k', id: 'm-1', outcome: 'stored' }]),
      })
      .execute();
    const attempt = { ...own, message_id: id, started_at: new Date(), milliseconds: 15 };
    await server.db
      .insertInto('message_attempts')
      .values([
        { ...attempt, no: 1, ok: false, failure, retry_at: new Date(), exchanges: '[]' },
        { ...attempt, no: 2, ok: true, exchanges: JSON.stringify([exchange]) },
      ])
      .execute();
    await server.db
      .insertInto('deliveries')
      .values({
        ...own,
        conversation_id: conversationId,
        channel_id: channelId,
        remote_id: 'sent-1',
        message_id: id,
        side: 'channel',
        piece: 0,
      })
      .execute();
    await server.db
      .insertInto('receipts')
      .values({ ...own, channel_id: channelId, remote_id: 'sent-1', status: 'read', at: new Date() })
      .execute();
    expect((await call(`messages/${id}`)).body).toMatchObject({
      trace: {
        webhooks: [journalId],
        attempts: [
          { no: 1, ok: false, failure: { class: 'unreachable' }, retryAt: expect.any(String), exchanges: [] },
          { no: 2, ok: true, failure: null, exchanges: [{ status: 200, requestId: 'r-1', milliseconds: 12 }] },
        ],
        deliveries: [{ side: 'channel', remoteId: 'sent-1', piece: 0 }],
        receipts: [{ remoteId: 'sent-1', status: 'read' }],
      },
    });
  });
});

describe('sending again', () => {
  test('puts a failed message into its conversation’s queue, and only a failed one', async () => {
    const id = await makeMessage({ status: 'failed', failure });
    const answer = await call(`messages/${id}/resend`, {});
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({ id, status: 'queued', failure: null });
    const { rows } = await server.pool.query('select kind from lane_items where message_id = $1', [id]);
    expect(rows).toEqual([{ kind: 'send' }]);
    expect((await call(`messages/${id}/resend`, {})).body).toMatchObject({ status: 409, code: 'NOT_RESENDABLE' });
  });

  test('takes many at once and names those it skipped', async () => {
    const [failed, fine] = [await makeMessage({ status: 'unconfirmed' }), await makeMessage()];
    expect((await call('messages/resend', { ids: [failed, fine] })).body).toEqual({
      resent: [failed],
      skipped: [fine],
    });
    const unknown = randomUUID();
    const answer = await call('messages/resend', { ids: [unknown] });
    expect(answer.body).toMatchObject({ status: 404, detail: expect.stringContaining(unknown) });
  });
});
