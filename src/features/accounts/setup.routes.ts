import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type Pool, transaction } from '../../db/pool.ts';
import type { Database } from '../../db/schema.ts';
import { writeAudit } from '../shared/audit.ts';
import { Problem } from '../shared/problem.ts';
import { id, label } from '../shared/schemas.ts';
import type { Auth } from './auth.ts';
import { createAccount, email, type NewPerson, password } from './people.ts';
import { signIn } from './session.ts';

/** Any number will do, as long as every process uses the same one. */
const setUpLock = 0x0c71;

/** The first visit: whoever comes first becomes the owner, and the door closes behind them. */
export function setUpRoutes({ pool, db, auth }: { pool: Pool; db: Database; auth: Auth }): FastifyPluginAsyncZod {
  return async app => {
    app.get(
      '/setup',
      {
        config: { access: { role: 'anyone' } },
        schema: {
          operationId: 'getSetup',
          tags: ['Accounts'],
          summary: 'Whether this installation still needs its owner',
          response: { 200: z.object({ needed: z.boolean() }) },
        },
      },
      async () => ({ needed: !(await hasOwner(pool)) }),
    );

    app.post(
      '/setup',
      {
        config: { access: { role: 'anyone' } },
        schema: {
          operationId: 'setUp',
          tags: ['Accounts'],
          summary: 'Create the owner and the first account',
          description: 'Works once, while nobody can sign in yet. Sets the session cookie.',
          body: z.object({ name: label, email, password, accountName: label }),
          response: { 201: z.object({ userId: id, accountId: id }) },
        },
      },
      async (request, reply) => {
        const owner = request.body;
        const made = await createFirstAccount(pool, auth, owner, owner.accountName);
        await signIn(auth, owner, request, reply);
        await writeAudit(
          db,
          { accountId: made.accountId, actor: `user:${made.userId}` },
          { action: 'account.created', target: `account:${made.accountId}`, detail: { name: owner.accountName } },
        );
        return reply.code(201).send(made);
      },
    );
  };
}

export async function hasOwner(pool: Pool): Promise<boolean> {
  const { rows } = await pool.query<{ found: boolean }>('select exists (select from users) as found');
  return rows[0]?.found === true;
}

/** @throws Problem when somebody was there before, be it by a millisecond. */
function createFirstAccount(pool: Pool, auth: Auth, owner: NewPerson, accountName: string) {
  return transaction(pool, async client => {
    // Not waited for: the one who holds it needs a second connection, and those who wait could have taken them all.
    const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_xact_lock($1) as mine', [setUpLock]);
    if (!rows[0]?.mine || (await hasOwner(pool))) throw new Problem('ALREADY_SET_UP');
    return createAccount(auth, owner, accountName);
  });
}
