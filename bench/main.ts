import { writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { Command } from 'commander';
import { type Figures, summaryOf } from './figures.ts';
import { measureAck } from './measure/ack.ts';
import { measureCrowd } from './measure/crowd.ts';
import { measureGrowth } from './measure/growth.ts';
import { measureLatency } from './measure/latency.ts';
import { measureMemory } from './measure/memory.ts';
import { measureProcesses } from './measure/processes.ts';
import { measureRelay } from './measure/relay.ts';
import { pictures, report } from './report.ts';
import { type Stage, setStage } from './stage.ts';

type Name = keyof Figures;
type Measurements = { [K in Name]?: (stage: Stage) => Promise<NonNullable<Figures[K]>> };

/** Sizes that give figures worth keeping. */
const full: Measurements = {
  ack: stage => measureAck(stage, { seconds: 10 }),
  relay: stage => measureRelay(stage, { messages: 20_000, conversations: 2000 }),
  latency: stage => measureLatency(stage, { rate: 300, seconds: 60 }),
  crowd: stage => measureCrowd(stage, { messages: 10_000, conversations: 2000, stuck: 1000 }),
  memory: stage => measureMemory(stage, { rate: 1000, seconds: 120 }),
  processes: stage => measureProcesses(stage, { messages: 10_000, conversations: 2000 }),
  growth: stage => measureGrowth(stage, { messages: 10_000, conversations: 2000, stored: [1_000_000, 10_000_000] }),
};

/** What fits into 50 seconds. */
const quick: Measurements = {
  ack: stage => measureAck(stage, { seconds: 3 }),
  relay: stage => measureRelay(stage, { messages: 4000, conversations: 800, seconds: 5 }),
  latency: stage => measureLatency(stage, { rate: 300, seconds: 5 }),
};

/** Seconds after which a quick run gives up what is not measured yet. */
const quickBudget = 44;

const options = new Command('bench')
  .description('Measures the path on a real PostgreSQL: our own, or the one that DATABASE_URL names.')
  .option('--quick', 'ends within 50 seconds and leaves out what cannot fit')
  .option('--json', 'prints one object and nothing else')
  .option('--only <names>', `some measurements, by commas: ${Object.keys(full).join(', ')}`)
  .option('--stored <counts>', 'how much is stored for growth, by commas', '1000000,10000000')
  .parse()
  .opts<{ quick?: boolean; json?: boolean; only?: string; stored: string }>();

const say = (words: string) => (options.json ? undefined : console.log(words));

async function measure(): Promise<{ figures: Figures; postgresVersion: string }> {
  const stage = await setStage();
  const figures: Figures = {};
  const all = async () => {
    for (const [name, run] of chosen()) {
      say(`${name} …`);
      Object.assign(figures, { [name]: await run(stage) });
    }
    await stage.close();
  };
  await (options.quick ? Promise.race([all(), delay(quickBudget * 1000 - performance.now())]) : all());
  return { figures, postgresVersion: stage.postgresVersion };
}

function chosen(): [string, (stage: Stage) => Promise<unknown>][] {
  const stored = options.stored.split(',').map(Number);
  const sized: Measurements = options.quick
    ? quick
    : { ...full, growth: stage => measureGrowth(stage, { messages: 10_000, conversations: 2000, stored }) };
  const wanted = options.only?.split(',');
  return Object.entries(sized).filter(([name]) => wanted === undefined || wanted.includes(name));
}

const { figures, postgresVersion } = await measure();
if (!options.quick && options.only === undefined) {
  await writeFile(new URL('./RESULTS.md', import.meta.url), await report(figures, { postgresVersion }));
  for (const [name, svg] of pictures(figures)) await writeFile(new URL(`./${name}`, import.meta.url), svg);
}
console.log(JSON.stringify(summaryOf(figures), null, options.json ? undefined : 2));
// A quick run may leave something in its middle; every process of ours ends with this one.
process.exit();
