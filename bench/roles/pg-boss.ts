import { timingSafeEqual } from 'node:crypto';
import Fastify from 'fastify';
import { type JobResult, PgBoss } from 'pg-boss';
import { Pool } from 'undici';
import { answerAsRole } from '../role.ts';

/**
 * The same work with pg-boss: a Fastify front that verifies and queues, and a worker that delivers in order per
 * conversation and tries again after a second. It stores one job a message, and neither contact, trace nor journal.
 */
const secret = 'not-a-real-secret';
const queue = 'messages';
const stub = new Pool(process.env.BENCH_STUB_URL ?? '', { connections: 64 });
const boss = new PgBoss({ connectionString: process.env.BENCH_DATABASE_URL ?? '', max: 16, useListenNotify: true });
boss.on('error', error => console.error(error));
await boss.start();
await boss.createQueue(queue, { policy: 'key_strict_fifo', notify: true, retryLimit: 100, retryDelay: 1 });

interface Update {
  message: { chat: { id: number }; text: string };
}

const app = Fastify();
app.post<{ Body: Update }>('/hooks/:address', async (request, reply) => {
  const given = Buffer.from(String(request.headers['x-telegram-bot-api-secret-token']));
  if (given.length !== secret.length || !timingSafeEqual(given, Buffer.from(secret))) return reply.code(401).send('');
  const { chat, text } = request.body.message;
  await boss.send(queue, { chat: chat.id, text }, { singletonKey: String(chat.id) });
  return reply.code(200).send('');
});
const url = await app.listen({ host: '127.0.0.1', port: 0 });

interface Job {
  chat: number;
  text: string;
}

await boss.work(
  queue,
  {
    perJobResults: true,
    batchSize: 64,
    localConcurrency: 4,
    burstWhenBatchFull: true,
    pollingIntervalSeconds: 0.5,
    notifyPollingIntervalSeconds: 0.5,
  },
  (jobs: { id: string; data: Job }[]): Promise<JobResult[]> =>
    Promise.all(jobs.map(async job => ({ id: job.id, status: (await deliver(job.data)) ? 'completed' : 'failed' }))),
);

async function deliver({ chat, text }: Job): Promise<boolean> {
  const answer = await stub.request({
    method: 'POST',
    path: `/api.intercom.io/conversations/${chat}/reply`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message_type: 'comment', type: 'user', intercom_user_id: `${chat}`, body: text }),
  });
  await answer.body.dump();
  return answer.statusCode === 200;
}

const commands = {
  hook: () => ({ url: `${url}/hooks/bench`, headers: { 'x-telegram-bot-api-secret-token': secret } }),
};
export type PgBossCommands = typeof commands;
answerAsRole(commands, async () => {
  await app.close();
  await boss.stop({ graceful: false });
  await stub.close();
});
