import type { ArrivalReport } from '../arrivals.ts';
import type { Hook, Stage } from '../stage.ts';

export interface RelayRun extends ArrivalReport {
  sent: number;
  lost: number;
  /** Unique deliveries, from the first to the last. */
  deliveredPerSecond: number;
}

export interface RelayFigures {
  ratio: number;
  octopods: RelayRun;
  pgBoss: RelayRun;
}

export interface RelaySize {
  messages: number;
  /** Sends fewer when so much time has passed. Left out: all. */
  seconds?: number;
  conversations: number;
}

/**
 * Webhook in → verified → normalised → stored → delivered to the platform over HTTP → recorded, with one first try in 50
 * failing; beside it the same work with pg-boss. From the first arrival to the last, the tail of retries included.
 */
export async function measureRelay(stage: Stage, size: RelaySize): Promise<RelayFigures> {
  const boss = await stage.pgBoss();
  const pgBoss = await drive(stage, [boss.hook], size);
  await boss.stop();
  const installation = await stage.octopods();
  const octopods = await drive(stage, installation.hooks, size);
  await installation.stop();
  return { ratio: octopods.deliveredPerSecond / pgBoss.deliveredPerSecond, octopods, pgBoss };
}

/** Sends all messages as fast as they are acknowledged, and waits until they have arrived. */
export async function drive(
  stage: Stage,
  hooks: Hook[],
  { messages, seconds, conversations }: RelaySize,
  options: { failEvery?: number | null; firstConversation?: number } = {},
): Promise<RelayRun> {
  const { failEvery = 50, firstConversation = 0 } = options;
  await stage.stub.ask('reset', failEvery);
  const volley = await stage.fire(hooks, {
    from: 0,
    count: messages,
    conversations,
    firstConversation,
    connections: 64,
    ...(seconds === undefined ? {} : { seconds }),
  });
  const report = await stage.arrived(volley.acknowledged);
  return {
    ...report,
    sent: volley.acknowledged + volley.refused,
    lost: volley.acknowledged - report.taken,
    deliveredPerSecond: report.taken / report.seconds,
  };
}
