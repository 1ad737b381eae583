import { setTimeout as delay } from 'node:timers/promises';
import type { Stage } from '../stage.ts';
import { firstStuck } from '../traffic.ts';
import { drive, type RelaySize } from './relay.ts';

export interface CrowdFigures {
  ratio: number;
  alonePerSecond: number;
  besidePerSecond: number;
}

/** Healthy conversations alone, then beside many whose every try fails. */
export async function measureCrowd(stage: Stage, size: RelaySize & { stuck: number }): Promise<CrowdFigures> {
  const octopods = await stage.octopods();
  const healthy = (firstConversation: number) =>
    drive(stage, octopods.hooks, size, { failEvery: null, firstConversation });
  await drive(stage, octopods.hooks, { messages: 1000, conversations: 500 }, { failEvery: null });
  const alone = await healthy(100_000);
  await stage.fire(octopods.hooks, {
    from: 0,
    count: size.stuck,
    conversations: size.stuck,
    firstConversation: firstStuck,
    connections: 64,
  });
  // By then all of them have failed, and are tried again and again.
  await delay(2000);
  const beside = await healthy(200_000);
  await octopods.stop();
  return {
    ratio: beside.deliveredPerSecond / alone.deliveredPerSecond,
    alonePerSecond: alone.deliveredPerSecond,
    besidePerSecond: beside.deliveredPerSecond,
  };
}
