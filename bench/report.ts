import { readFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import type { Figures } from './figures.ts';
import { barChart, lineChart } from './svg.ts';

const number = (value: number, digits = 0) => value.toLocaleString('en', { maximumFractionDigits: digits });
const ratio = (value: number) => value.toFixed(2);

/** The run as a page: what was measured, on what, and what it means. */
export async function report(figures: Figures, { postgresVersion }: { postgresVersion: string }): Promise<string> {
  const { ack, relay, latency, growth, crowd, processes, memory } = figures;
  const manifest = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
  const lines = [
    '# Results',
    '',
    `Written by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}: ${cpus().length} cores (${cpus()[0]?.model.trim()}), ` +
      `${number(totalmem() / 1024 ** 3)} GiB, Node ${process.version}, PostgreSQL ${postgresVersion} with fsync on, ` +
      `Octopods ${manifest.version}, pg-boss ${manifest.dependencies['pg-boss']}. Load, server, database and the vendors’ ` +
      'stand-in share these cores, so the ratios within a run say more than its absolute figures.',
    '',
    '| what | ratio | figures |',
    '|---|---|---|',
  ];
  const row = (what: string, of: string, words: string) => lines.push(`| ${what} | ${of} | ${words} |`);
  if (ack) {
    const times = `p50 ${number(ack.p50Ms)} ms, p99 ${number(ack.p99Ms)} ms with 64 at a time`;
    row(
      'Acknowledge a webhook, against a bare Fastify route',
      ratio(ack.ratio),
      `${number(ack.perSecond)}/s of ${number(ack.barePerSecond)}/s; ${times}`,
    );
  }
  if (relay) {
    const words = (run: typeof relay.octopods) =>
      `${number(run.deliveredPerSecond)}/s, ${run.lost} lost, ${run.outOfOrder} out of order, ${run.doubled} doubled`;
    row(
      'Webhook to recorded delivery, against pg-boss',
      ratio(relay.ratio),
      `${words(relay.octopods)}; pg-boss ${words(relay.pgBoss)}`,
    );
  }
  if (latency)
    row(
      `Added at ${latency.rate} messages/s`,
      '',
      `p50 ${number(latency.p50Ms, 1)} ms, p99 ${number(latency.p99Ms, 1)} ms`,
    );
  if (crowd)
    row(
      'Healthy conversations beside stuck ones, against alone',
      ratio(crowd.ratio),
      `${number(crowd.besidePerSecond)}/s, ${number(crowd.alonePerSecond)}/s`,
    );
  if (memory)
    row(
      `Memory at ${number(memory.rate)} messages/s`,
      ratio(memory.growth),
      `${number(memory.steadyMb)} MB after ${number(memory.messages)} messages; the ratio is its growth`,
    );
  for (const size of growth?.sizes ?? []) {
    const scanned =
      size.scanned.length === 0
        ? 'no growing table read from end to end'
        : `READ FROM END TO END: ${size.scanned.join(', ')}`;
    row(
      `${number(size.stored)} messages stored`,
      ratio(size.deliveredPerSecond / (growth?.sizes[0]?.deliveredPerSecond ?? 1)),
      `${number(size.deliveredPerSecond)}/s; lists: messages ${number(size.messagesMs, 1)} ms, conversations ${number(size.conversationsMs, 1)} ms; ${scanned}`,
    );
  }
  for (const one of processes ?? []) {
    const shares = one.shares.map(share => `${number(share * 100)} %`).join(' + ');
    row(
      `${one.processes} process${one.processes === 1 ? '' : 'es'}`,
      ratio(one.deliveredPerSecond / (processes?.[0]?.deliveredPerSecond ?? 1)),
      `${number(one.deliveredPerSecond)}/s, ${one.lost} lost, ${one.outOfOrder} out of order; shares ${shares}`,
    );
  }
  lines.push('', ...pictures(figures).map(([name]) => `![${name.replace('.svg', '')}](${name})`), '');
  lines.push('[README.md](README.md) says how each figure is measured.', '');
  return lines.join('\n');
}

/** File names and pictures. */
export function pictures({ relay, latency }: Figures): [string, string][] {
  const found: [string, string][] = [];
  if (relay) {
    found.push([
      'throughput.svg',
      lineChart({
        title: 'Deliveries per second of the run',
        unit: '/s',
        series: [
          { label: 'Octopods', values: relay.octopods.perSecond },
          { label: 'pg-boss', values: relay.pgBoss.perSecond },
        ],
      }),
    ]);
  }
  if (latency) {
    found.push([
      'latency.svg',
      barChart({
        title: `Milliseconds added at ${latency.rate} messages/s, by percentile`,
        unit: ' ms',
        bars: [10, 25, 50, 75, 90, 95, 99, 100].map(p => ({
          label: p === 100 ? 'max' : `p${p}`,
          value: latency.percentiles[p - 1] ?? 0,
        })),
      }),
    ]);
  }
  return found;
}
