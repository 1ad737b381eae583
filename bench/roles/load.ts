import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';
import { answerAsRole } from '../role.ts';
import { now, quantile, telegramUpdate } from '../traffic.ts';

export interface Volley {
  /** Where to post, one after another: several processes of one installation share the load. */
  urls: string[];
  headers: Record<string, string>;
  /** Numbers of the messages: `from` ≤ i < `from + count`. */
  from: number;
  count: number;
  /** Ends the volley earlier, when so much time has passed. */
  seconds?: number;
  conversations: number;
  /** Number of the first conversation. Default 0. */
  firstConversation?: number;
  /** Requests under way at the same time, where nothing sets the pace. */
  connections: number;
  /** Messages per second. Left out: as fast as they are answered. */
  rate?: number;
}

export interface VolleyResult {
  acknowledged: number;
  refused: number;
  seconds: number;
  ackP50Ms: number;
  ackP99Ms: number;
}

/** Posts webhooks as Telegram does, and waits for each to be answered. */
async function fire(volley: Volley): Promise<VolleyResult> {
  const { rate } = volley;
  const connections = rate === undefined ? volley.connections : 256;
  const targets = volley.urls.map(url => ({
    pool: new Pool(new URL(url).origin, { connections }),
    path: new URL(url).pathname,
  }));
  const times: number[] = [];
  let refused = 0;

  const post = async (i: number, sentAt: number) => {
    const target = targets[i % targets.length];
    if (!target) throw new Error('There is nowhere to post to.');
    const conversation = (volley.firstConversation ?? 0) + (i % volley.conversations);
    const answer = await target.pool.request({
      method: 'POST',
      path: target.path,
      headers: { 'content-type': 'application/json', ...volley.headers },
      body: telegramUpdate(conversation * 1_000_000 + i, {
        conversation,
        n: Math.floor(i / volley.conversations),
        sentAt,
      }),
    });
    await answer.body.dump();
    times.push(now() - sentAt);
    if (answer.statusCode !== 200) refused++;
  };

  const began = now();
  if (rate === undefined) await atFullSpeed(volley, began, i => post(i, now()));
  else await atRate(volley, rate, began, post);
  const seconds = (now() - began) / 1000;
  await Promise.all(targets.map(({ pool }) => pool.close()));
  times.sort((a, b) => a - b);
  return {
    acknowledged: times.length - refused,
    refused,
    seconds,
    ackP50Ms: quantile(times, 0.5),
    ackP99Ms: quantile(times, 0.99),
  };
}

async function atFullSpeed(volley: Volley, began: number, post: (i: number) => Promise<void>): Promise<void> {
  const { from, count, seconds = Number.POSITIVE_INFINITY, connections } = volley;
  let next = from;
  const one = async () => {
    while (next < from + count && now() - began < seconds * 1000) await post(next++);
  };
  await Promise.all(Array.from({ length: connections }, one));
}

/** The pace does not wait for slow answers, and a message counts from when it was due, not from when it could leave. */
async function atRate(
  { from, count }: Volley,
  rate: number,
  began: number,
  post: (i: number, sentAt: number) => Promise<void>,
): Promise<void> {
  const underWay: Promise<void>[] = [];
  for (let i = 0; i < count; i++) {
    const due = began + (i * 1000) / rate;
    const early = due - now();
    if (early > 0) await delay(early);
    underWay.push(post(from + i, due));
  }
  await Promise.all(underWay);
}

const commands = { fire };
export type LoadCommands = typeof commands;
answerAsRole(commands, () => undefined);
