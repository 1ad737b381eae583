import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { EmbeddedDatabaseError } from './error.ts';
import { hasCode } from './files.ts';

const run = promisify(execFile);

/** A process that can be asked to end and watched until it has. */
export interface Endable {
  pid: number;
  /** Resolves true once it has ended, false when it still runs after that time. */
  endsWithin(milliseconds: number): Promise<boolean>;
}

/** PostgreSQL's own signals: end at once but in order; end without a checkpoint; and the kernel's last word. */
const escalation = [
  ['SIGINT', 10_000],
  ['SIGQUIT', 5_000],
  ['SIGKILL', 5_000],
] as const;

/** Ends a PostgreSQL server, in order if it can. `pgCtl` is what carries signals on Windows. */
export async function endPostgres(server: Endable, pgCtl: string): Promise<void> {
  for (const [signal, patience] of escalation) {
    await signalPostgres(server.pid, signal, pgCtl);
    if (await server.endsWithin(patience)) return;
  }
  throw new EmbeddedDatabaseError(`PostgreSQL (process ${server.pid}) does not end, not even by SIGKILL.`);
}

async function signalPostgres(pid: number, signal: 'SIGINT' | 'SIGQUIT' | 'SIGKILL', pgCtl: string): Promise<void> {
  if (process.platform === 'win32' && signal !== 'SIGKILL') {
    await run(pgCtl, ['kill', signal.replace('SIG', ''), String(pid)]);
  } else {
    signalNow(pid, signal);
  }
}

/** Sends the signal; nothing to do where the process has ended already. */
export function signalNow(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!hasCode(error, 'ESRCH')) throw error;
  }
}

/** A process that is not our child, so that only looking again tells that it has ended. */
export function strange(pid: number): Endable {
  return {
    pid,
    async endsWithin(milliseconds) {
      const end = performance.now() + milliseconds;
      while (performance.now() < end) {
        if (!isRunning(pid) || (await commandLine(pid)) === '') return true;
        await delay(50);
      }
      return false;
    },
  };
}

/** Whether the number is taken, be it by the dead remains of a process (a zombie). */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if (hasCode(error, 'ESRCH')) return false;
    if (hasCode(error, 'EPERM')) return true;
    throw error;
  }
}

/** Program and arguments of a process, with single spaces between; empty when it has ended, also as a zombie. */
export async function commandLine(pid: number): Promise<string> {
  try {
    if (process.platform === 'linux') {
      return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').join(' ');
    }
    const { stdout } =
      process.platform === 'win32'
        ? await run('powershell', ['-NoProfile', '-Command', windowsQuery(pid)])
        : await run('ps', ['-o', 'command=', '-p', String(pid)]);
    return `${stdout.trim()} `;
  } catch (error) {
    // No such process: its folder under /proc is gone, or ps ended with code 1.
    if (hasCode(error, 'ENOENT', 'ESRCH', '1')) return '';
    throw error;
  }
}

function windowsQuery(pid: number): string {
  return `(Get-CimInstance Win32_Process -Filter "ProcessId=${pid}").CommandLine`;
}
