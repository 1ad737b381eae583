import { setTimeout as delay } from 'node:timers/promises';
import type { Stage } from '../stage.ts';

export interface MemoryFigures {
  rate: number;
  messages: number;
  /** Resident memory of the server, once a second. */
  rssMb: number[];
  /** The median of the last quarter. */
  steadyMb: number;
  /** The median of the last quarter over that of the second: 1 is no growth. */
  growth: number;
}

/** The server's resident memory under a steady stream of messages. */
export async function measureMemory(stage: Stage, options: { rate: number; seconds: number }): Promise<MemoryFigures> {
  const { rate, seconds } = options;
  const octopods = await stage.octopods();
  const [server] = octopods.processes;
  if (!server) throw new Error('No process is there to be measured.');
  await stage.stub.ask('reset', null);
  const messages = rate * seconds;
  const firing = stage.fire(octopods.hooks, { from: 0, count: messages, conversations: 2000, connections: 64, rate });
  const rssMb: number[] = [];
  let isFiring = true;
  void firing.finally(() => {
    isFiring = false;
  });
  while (isFiring) {
    await delay(1000);
    rssMb.push((await server.ask('rss')) / 1024 ** 2);
  }
  await firing;
  await stage.arrived(messages);
  await octopods.stop();
  const quarter = Math.floor(rssMb.length / 4);
  const steadyMb = median(rssMb.slice(-quarter));
  return { rate, messages, rssMb, steadyMb, growth: steadyMb / median(rssMb.slice(quarter, 2 * quarter)) };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
