import type { ArrivalReport } from '../arrivals.ts';
import type { Stage } from '../stage.ts';

export interface LatencyFigures extends ArrivalReport {
  rate: number;
  ackP50Ms: number;
  ackP99Ms: number;
}

/** What Octopods adds: from the moment a webhook is due at the provider to its message's arrival at the platform. */
export async function measureLatency(
  stage: Stage,
  options: { rate: number; seconds: number },
): Promise<LatencyFigures> {
  const { rate, seconds } = options;
  const octopods = await stage.octopods();
  const pace = { conversations: 500, connections: 64, rate };
  await stage.stub.ask('reset', null);
  // Contacts and threads are made by each conversation's first message; what counts is how it goes on.
  await stage.fire(octopods.hooks, { ...pace, from: 0, count: 1000 });
  await stage.arrived(1000);
  await stage.stub.ask('reset', null);
  const volley = await stage.fire(octopods.hooks, { ...pace, from: 1000, count: rate * seconds });
  const report = await stage.arrived(volley.acknowledged);
  await octopods.stop();
  return { ...report, rate, ackP50Ms: volley.ackP50Ms, ackP99Ms: volley.ackP99Ms };
}
