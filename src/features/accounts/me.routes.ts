import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Database } from '../../db/schema.ts';
import { personOf, principalOf } from '../shared/access.ts';
import { notFound } from '../shared/problem.ts';
import { done, id } from '../shared/schemas.ts';
import { role } from '../team/roles.ts';

const account = z.object({ id, name: z.string(), role });

const me = z
  .object({
    account: z.object({ id, name: z.string() }),
    role: role.meta({ description: 'An API key counts as an admin.' }),
    user: z
      .object({ id, name: z.string(), email: z.string(), twoFactorEnabled: z.boolean() })
      .nullable()
      .meta({ description: 'Null for an API key.' }),
    key: z.object({ id, workspaceId: id.nullable() }).nullable().meta({ description: 'Null for a person.' }),
    accounts: z.array(account).meta({ description: 'All accounts this person belongs to.' }),
  })
  .meta({ id: 'Me' });

/** Who am I, and for which account do I act. */
export function meRoutes({ db }: { db: Database }): FastifyPluginAsyncZod {
  return async app => {
    app.get(
      '/me',
      {
        config: { access: { role: 'member' } },
        schema: { operationId: 'getMe', tags: ['Accounts'], summary: 'Who is signed in', response: { 200: me } },
      },
      async request => {
        const principal = principalOf(request);
        const own = await db
          .selectFrom('accounts')
          .select(['id', 'name'])
          .where('id', '=', principal.accountId)
          .executeTakeFirstOrThrow();
        if (principal.kind === 'key') {
          const key = { id: principal.keyId, workspaceId: principal.workspaceId ?? null };
          return { account: own, role: 'admin' as const, user: null, key, accounts: [] };
        }
        const user = await db
          .selectFrom('users')
          .select(['id', 'name', 'email', 'two_factor_enabled'])
          .where('id', '=', principal.userId)
          .executeTakeFirstOrThrow();
        return {
          account: own,
          role: principal.role,
          user: { id: user.id, name: user.name, email: user.email, twoFactorEnabled: user.two_factor_enabled === true },
          key: null,
          accounts: await accountsOf(db, principal.userId),
        };
      },
    );

    app.put(
      '/me/account',
      {
        config: { access: { role: 'member', person: true } },
        schema: {
          operationId: 'switchAccount',
          tags: ['Accounts'],
          summary: 'Act for another of your accounts in this session',
          body: z.object({ accountId: id }),
          response: { 200: done },
        },
      },
      async request => {
        const person = personOf(request);
        const { accountId } = request.body;
        const accounts = await accountsOf(db, person.userId);
        if (!accounts.some(own => own.id === accountId)) throw notFound('account');
        await db
          .updateTable('sessions')
          .set({ active_account_id: accountId })
          .where('id', '=', person.sessionId)
          .execute();
        return { ok: true as const };
      },
    );
  };
}

async function accountsOf(db: Database, userId: string) {
  const rows = await db
    .selectFrom('members')
    .innerJoin('accounts', 'accounts.id', 'members.account_id')
    .select(['accounts.id', 'accounts.name', 'members.role'])
    .where('members.user_id', '=', userId)
    .orderBy('accounts.name')
    .execute();
  return rows.map(row => ({ ...row, role: role.parse(row.role) }));
}
