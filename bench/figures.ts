import type { AckFigures } from './measure/ack.ts';
import type { CrowdFigures } from './measure/crowd.ts';
import type { GrowthFigures } from './measure/growth.ts';
import type { LatencyFigures } from './measure/latency.ts';
import type { MemoryFigures } from './measure/memory.ts';
import type { ProcessFigures } from './measure/processes.ts';
import type { RelayFigures } from './measure/relay.ts';

/** What a run found. Absent: it was not measured. */
export interface Figures {
  ack?: AckFigures;
  relay?: RelayFigures;
  latency?: LatencyFigures;
  growth?: GrowthFigures;
  crowd?: CrowdFigures;
  processes?: ProcessFigures[];
  memory?: MemoryFigures;
}

/** The object that `--json` prints: the figures by the names they are watched under, null where not measured. */
export function summaryOf({ ack, relay, latency, growth, crowd, processes, memory }: Figures) {
  return {
    ack_ratio: rounded(ack?.ratio),
    ack_per_s: rounded(ack?.perSecond),
    relay_ratio_pgboss: rounded(relay?.ratio),
    relay_per_s: rounded(relay?.octopods.deliveredPerSecond),
    relay_lost: relay?.octopods.lost ?? null,
    relay_out_of_order: relay?.octopods.outOfOrder ?? null,
    added_p50_ms: rounded(latency?.p50Ms),
    added_p99_ms: rounded(latency?.p99Ms),
    growth_ratio: rounded(growth?.ratio),
    crowd_ratio: rounded(crowd?.ratio),
    processes: processes?.map(({ deliveredPerSecond }) => rounded(deliveredPerSecond)) ?? null,
    rss_mb: rounded(memory?.steadyMb),
    peers: relay
      ? {
          'pg-boss 12 behind Fastify': {
            ratio: rounded(1 / relay.ratio),
            lost: relay.pgBoss.lost,
            out_of_order: relay.pgBoss.outOfOrder,
          },
        }
      : null,
  };
}

function rounded(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : Number(value.toPrecision(3));
}
