import type { Stage } from '../stage.ts';
import { drive, type RelaySize } from './relay.ts';

export interface ProcessFigures {
  processes: number;
  deliveredPerSecond: number;
  lost: number;
  outOfOrder: number;
  /** Each process's part of the processor time: even is 1 / processes. */
  shares: number[];
}

/** Several processes on one database: the same work, shared. */
export async function measureProcesses(stage: Stage, size: RelaySize): Promise<ProcessFigures[]> {
  const figures: ProcessFigures[] = [];
  for (const processes of [1, 2, 4]) {
    const octopods = await stage.octopods({ processes });
    const used = () => Promise.all(octopods.processes.map(async role => sum(Object.values(await role.ask('cpu')))));
    const before = await used();
    const run = await drive(stage, octopods.hooks, size);
    const spent = (await used()).map((total, i) => total - (before[i] ?? 0));
    await octopods.stop();
    const { deliveredPerSecond, lost, outOfOrder } = run;
    const shares = spent.map(microseconds => microseconds / sum(spent));
    figures.push({ processes, deliveredPerSecond, lost, outOfOrder, shares });
  }
  return figures;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
