import { realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { hasCode, readIfPresent } from './files.ts';

/** An account of this machine, by number: a process can run as one that has no name. */
export interface Account {
  uid: number;
  gid: number;
}

interface NamedAccount extends Account {
  name: string;
}

/** The numbers of "nobody" on most systems; they serve where the name itself is missing. */
const nobody: Account = { uid: 65534, gid: 65534 };

/**
 * Who PostgreSQL is to run as for data in this folder. Undefined: as ourselves. As root it is another account, because
 * PostgreSQL refuses root: whoever owns the folder or the nearest one above that is not root's, else "postgres", else
 * "nobody".
 */
export async function chooseAccount(folder: string): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = await namedAccounts();
  const named = (name: string) => accounts.find(account => account.name === name);
  return (await ownerAbove(folder)) ?? named('postgres') ?? named('nobody') ?? nobody;
}

/**
 * Who runs initdb, which unlike the server insists on an account with a name. Undefined: this machine names none but root.
 */
export async function namedAccountFor(account: Account): Promise<Account | undefined> {
  const accounts = (await namedAccounts()).filter(({ uid }) => uid !== 0);
  return accounts.find(({ uid }) => uid === account.uid) ?? accounts[0];
}

/** The first folder on the way to `path`, itself included, that the account may not enter; undefined: it gets there. */
export async function barrier(path: string, account: Account): Promise<string | undefined> {
  for (const step of stepsTo(await realpath(path))) {
    const { uid, gid, mode } = await stat(step);
    const mayEnter = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if ((mode & mayEnter) === 0) return step;
  }
  return undefined;
}

function stepsTo(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [path] : [...stepsTo(parent), path];
}

async function ownerAbove(folder: string): Promise<Account | undefined> {
  for (const step of stepsTo(folder).reverse()) {
    const facts = await stat(step).catch((error: unknown) => {
      if (hasCode(error, 'ENOENT')) return undefined;
      throw error;
    });
    if (facts !== undefined && facts.uid !== 0) return { uid: facts.uid, gid: facts.gid };
  }
  return undefined;
}

async function namedAccounts(): Promise<NamedAccount[]> {
  const text = (await readIfPresent('/etc/passwd')) ?? '';
  return text
    .split('\n')
    .map(line => line.split(':'))
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
    .filter(({ name, uid, gid }) => name !== '' && Number.isInteger(uid) && Number.isInteger(gid));
}
