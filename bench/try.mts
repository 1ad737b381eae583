import { databaseCpu } from './cpu.ts';
import { setStage } from './stage.ts';
import { measureAck } from './measure/ack.ts';
import { measureRelay, drive } from './measure/relay.ts';
import { measureLatency } from './measure/latency.ts';
const stage = await setStage();
const what = process.argv[2] ?? 'ack,relay,latency';
const n = Number(process.argv[3] ?? 8000);
const cut = (o: any): any => JSON.stringify(o, (k, v) => k === 'percentiles' ? undefined : typeof v === 'number' ? Math.round(v*100)/100 : v);
try {
  if (what.includes('ack')) console.log('ack', cut(await measureAck(stage, { count: n })));
  if (what.includes('relay')) console.log('relay', cut(await measureRelay(stage, { messages: n, conversations: n / 10 })));
  if (what.includes('own')) { const i = await stage.octopods({ env: process.env.PROF ? { NODE_OPTIONS: '--cpu-prof --cpu-prof-dir=/tmp/prof' } : {} }); const name = i.database.url.split('/').at(-1)!; const c0 = await i.processes[0]!.ask('cpu'); const d0 = await databaseCpu(name); const r = await drive(stage, i.hooks, { messages: n, conversations: n / 10 }); const c1 = await i.processes[0]!.ask('cpu'); console.log('own', cut(r), 'cpu us/msg: server', Math.round((c1.user + c1.system - c0.user - c0.system) / n), 'pg', Math.round((await databaseCpu(name) - d0) * 1000 / n), JSON.stringify(await i.database.query(`select deadlocks, xact_commit from pg_stat_database where datname = current_database()`))); await i.stop(); }
  if (what.includes('front')) { const i = await stage.octopods({ env: { OCTOPODS_ROLE: 'http' } }); const name = i.database.url.split('/').at(-1)!; await stage.fire(i.hooks, { from: 0, count: 2000, conversations: 2000, connections: 64 }); const c0 = await i.processes[0]!.ask('cpu'); const d0 = await databaseCpu(name); const v = await stage.fire(i.hooks, { from: 2000, count: n, conversations: 2000, connections: 64 }); const c1 = await i.processes[0]!.ask('cpu'); console.log('front', cut(v), 'cpu us/msg: server', Math.round((c1.user + c1.system - c0.user - c0.system) / n), 'pg', Math.round((await databaseCpu(name) - d0) * 1000 / n)); await i.stop(); }
  if (what.includes('latency')) console.log('latency', cut(await measureLatency(stage, { rate: 300, seconds: 10 })));
} finally { await stage.close(); }
