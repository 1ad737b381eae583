import { z } from 'zod';
import type { Auth } from './auth.ts';

export const email = z.email().max(254).toLowerCase();
export const password = z
  .string()
  .min(10)
  .max(128)
  .meta({ description: 'Ten characters or more.', format: 'password' });

export interface NewPerson {
  name: string;
  /** Lower case. */
  email: string;
  password: string;
}

/**
 * Makes an account with its owner, all or nothing.
 * @returns the ids of both.
 */
export async function createAccount(
  auth: Auth,
  owner: NewPerson,
  accountName: string,
): Promise<{ accountId: string; userId: string }> {
  const { adapter, password } = await auth.$context;
  const hash = await password.hash(owner.password);
  return adapter.transaction(async trx => {
    const now = new Date();
    const userId = await insertPerson(trx, owner, hash);
    const account = await trx.create({
      model: 'organization',
      data: { name: accountName, slug: crypto.randomUUID(), createdAt: now },
    });
    await trx.create({
      model: 'member',
      data: { organizationId: account.id, userId, role: 'owner', createdAt: now },
    });
    return { accountId: account.id, userId };
  });
}

/** Makes a person who belongs to no account yet. Returns the user's id. */
export async function createPerson(auth: Auth, person: NewPerson): Promise<string> {
  const { adapter, password } = await auth.$context;
  const hash = await password.hash(person.password);
  return adapter.transaction(trx => insertPerson(trx, person, hash));
}

type Adapter = Pick<Awaited<Auth['$context']>['adapter'], 'create'>;

async function insertPerson(adapter: Adapter, person: NewPerson, passwordHash: string): Promise<string> {
  const now = new Date();
  const user = await adapter.create({
    model: 'user',
    data: { name: person.name, email: person.email, emailVerified: false, createdAt: now, updatedAt: now },
  });
  await adapter.create({
    model: 'account',
    data: {
      userId: user.id,
      providerId: 'credential',
      accountId: user.id,
      password: passwordHash,
      createdAt: now,
      updatedAt: now,
    },
  });
  return user.id;
}
