import type { Hook, Stage } from '../stage.ts';

export interface AckFigures {
  ratio: number;
  perSecond: number;
  barePerSecond: number;
  p50Ms: number;
  p99Ms: number;
}

/** Signed webhooks per second to the committed 200, against a bare Fastify route that stores nothing. */
export async function measureAck(stage: Stage, { seconds }: { seconds: number }): Promise<AckFigures> {
  const volley = { conversations: 2000, connections: 64 };
  const run = async (hook: Hook) => {
    // The first requests meet cold code on both sides.
    await stage.fire([hook], { ...volley, from: 0, count: 2000, seconds: 2 });
    const result = await stage.fire([hook], { ...volley, from: 2000, count: 1_000_000, seconds });
    if (result.refused > 0) throw new Error(`${result.refused} webhooks were refused.`);
    return { ...result, perSecond: result.acknowledged / result.seconds };
  };
  const bare = await stage.bare();
  const bareResult = await run(bare.hook);
  await bare.stop();
  const octopods = await stage.octopods({ env: { OCTOPODS_ROLE: 'http' } });
  const [hook] = octopods.hooks;
  if (!hook) throw new Error('Octopods has no address.');
  const result = await run(hook);
  await octopods.stop();
  return {
    ratio: result.perSecond / bareResult.perSecond,
    perSecond: result.perSecond,
    barePerSecond: bareResult.perSecond,
    p50Ms: result.ackP50Ms,
    p99Ms: result.ackP99Ms,
  };
}
