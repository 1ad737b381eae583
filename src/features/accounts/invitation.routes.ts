import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Database } from '../../db/schema.ts';
import { writeAudit } from '../shared/audit.ts';
import { notFound, Problem } from '../shared/problem.ts';
import { id, idParams, label, time } from '../shared/schemas.ts';
import { role } from '../team/roles.ts';
import type { Auth } from './auth.ts';
import { createPerson, password } from './people.ts';
import { signIn, webHeaders } from './session.ts';

const invitation = z.object({
  accountName: z.string(),
  email: z.string(),
  role,
  expiresAt: time,
  known: z.boolean().meta({ description: 'Whether this e-mail address can sign in already.' }),
});

/** The way in for everybody after the owner. The id of an invitation is unguessable and stands for its holder. */
export function invitationRoutes({ db, auth }: { db: Database; auth: Auth }): FastifyPluginAsyncZod {
  return async app => {
    app.get(
      '/invitations/:id',
      {
        config: { access: { role: 'anyone' } },
        schema: {
          operationId: 'getInvitation',
          tags: ['Accounts'],
          summary: 'Look at an invitation',
          params: idParams,
          response: { 200: invitation },
        },
      },
      async request => {
        const found = await openInvitation(db, request.params.id);
        return {
          accountName: found.account_name,
          email: found.email,
          role: role.parse(found.role),
          expiresAt: found.expires_at.toISOString(),
          known: found.user_id !== null,
        };
      },
    );

    app.post(
      '/invitations/:id/accept',
      {
        config: { access: { role: 'anyone' } },
        schema: {
          operationId: 'acceptInvitation',
          tags: ['Accounts'],
          summary: 'Join an account',
          description:
            'Who is new gives a name and a password, and is signed in. Who can sign in already does that first, as the invited address.',
          params: idParams,
          body: z.object({ name: label.optional(), password: password.optional() }),
          response: { 200: z.object({ accountId: id, role }) },
        },
      },
      async (request, reply) => {
        const found = await openInvitation(db, request.params.id);
        const headers =
          found.user_id === null
            ? await createAndSignIn(auth, { ...newcomer(request.body), email: found.email }, request, reply)
            : webHeaders(request);
        const session = await auth.api.getSession({ headers });
        if (session?.user.email !== found.email) {
          throw new Problem('UNAUTHENTICATED', 'Sign in with the invited e-mail address first, then accept.');
        }
        await auth.api.acceptInvitation({ headers, body: { invitationId: found.id } });
        await writeAudit(
          db,
          { accountId: found.account_id, actor: `user:${session.user.id}` },
          { action: 'member.joined', target: `member:${found.email}`, detail: { role: found.role } },
        );
        return { accountId: found.account_id, role: role.parse(found.role) };
      },
    );
  };
}

async function createAndSignIn(
  auth: Auth,
  person: Parameters<typeof createPerson>[1],
  ...[request, reply]: [Parameters<typeof signIn>[2], Parameters<typeof signIn>[3]]
): Promise<Headers> {
  await createPerson(auth, person);
  return signIn(auth, person, request, reply);
}

function newcomer(body: { name?: string | undefined; password?: string | undefined }) {
  const { name, password } = body;
  if (name !== undefined && password !== undefined) return { name, password };
  const missing = (['name', 'password'] as const).filter(field => body[field] === undefined);
  throw new Problem('VALIDATION_FAILED', 'Give your name and choose a password.', {
    errors: missing.map(field => ({ field, message: 'Needed, for this address cannot sign in yet.' })),
  });
}

async function openInvitation(db: Database, invitationId: string) {
  const found = await db
    .selectFrom('invitations')
    .innerJoin('accounts', 'accounts.id', 'invitations.account_id')
    .leftJoin('users', 'users.email', 'invitations.email')
    .select([
      'invitations.id',
      'invitations.account_id',
      'invitations.email',
      'invitations.role',
      'invitations.expires_at',
      'accounts.name as account_name',
      'users.id as user_id',
    ])
    .where('invitations.id', '=', invitationId)
    .where('invitations.status', '=', 'pending')
    .where('invitations.expires_at', '>', new Date())
    .executeTakeFirst();
  if (!found) throw notFound('invitation');
  return found;
}
