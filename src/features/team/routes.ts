import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Database } from '../../db/schema.ts';
import type { Auth } from '../accounts/auth.ts';
import { email } from '../accounts/people.ts';
import { webHeaders } from '../accounts/session.ts';
import { type Person, personOf, principalOf } from '../shared/access.ts';
import { author, writeAudit } from '../shared/audit.ts';
import { Keyset, pageOf, pageQuery } from '../shared/page.ts';
import { notFound, Problem } from '../shared/problem.ts';
import { done, id, idParams, iso, time } from '../shared/schemas.ts';
import { isFreeMail } from './free-mail.ts';
import { givenRole, role } from './roles.ts';

const member = z
  .object({
    id,
    userId: id,
    name: z.string(),
    email: z.string(),
    role,
    twoFactorEnabled: z.boolean(),
    joinedAt: time,
  })
  .meta({ id: 'Member' });

const invitation = z
  .object({
    id: id.meta({ description: 'Hand it to the person invited: it opens the door.' }),
    email: z.string(),
    role,
    invitedBy: z.string(),
    createdAt: time,
    expiresAt: time,
  })
  .meta({ id: 'Invitation' });

/** Who works here: members, roles, invitations. */
export function teamRoutes({ db, auth }: { db: Database; auth: Auth }): FastifyPluginAsyncZod {
  return async app => {
    app.get(
      '/team/members',
      {
        config: { access: { role: 'member' } },
        schema: {
          operationId: 'listMembers',
          tags: ['Team'],
          summary: 'List the team',
          querystring: pageQuery,
          response: { 200: pageOf(member) },
        },
      },
      async request => {
        const keyset = byTime('members', 'members.created_at', 'members.id', request.query);
        const rows = await keyset.apply(memberRows(db, principalOf(request).accountId)).execute();
        return keyset.page(rows, row => ({
          id: row.id,
          userId: row.user_id,
          name: row.name,
          email: row.email,
          role: role.parse(row.role),
          twoFactorEnabled: row.two_factor_enabled === true,
          joinedAt: iso(row.created_at),
        }));
      },
    );

    app.patch(
      '/team/members/:id',
      {
        config: { access: { role: 'admin', person: true } },
        schema: {
          operationId: 'changeRole',
          tags: ['Team'],
          summary: 'Change a member’s role',
          params: idParams,
          body: z.object({ role: givenRole }),
          response: { 200: done },
        },
      },
      async request => {
        const person = personOf(request);
        const target = await otherMember(db, person, request.params.id);
        await auth.api.updateMemberRole({
          headers: webHeaders(request),
          body: { memberId: target.id, role: request.body.role, organizationId: person.accountId },
        });
        await writeAudit(db, author(person), {
          action: 'member.role_changed',
          target: `member:${target.email}`,
          detail: { from: target.role, to: request.body.role },
        });
        return { ok: true as const };
      },
    );

    app.delete(
      '/team/members/:id',
      {
        config: { access: { role: 'admin', person: true } },
        schema: {
          operationId: 'removeMember',
          tags: ['Team'],
          summary: 'Remove a member',
          description: 'Their sessions end their access to this account at once.',
          params: idParams,
          response: { 200: done },
        },
      },
      async request => {
        const person = personOf(request);
        const target = await otherMember(db, person, request.params.id);
        await auth.api.removeMember({
          headers: webHeaders(request),
          body: { memberIdOrEmail: target.id, organizationId: person.accountId },
        });
        await writeAudit(db, author(person), {
          action: 'member.removed',
          target: `member:${target.email}`,
          detail: { role: target.role },
        });
        return { ok: true as const };
      },
    );

    app.get(
      '/team/invitations',
      {
        config: { access: { role: 'admin', person: true } },
        schema: {
          operationId: 'listInvitations',
          tags: ['Team'],
          summary: 'List open invitations',
          querystring: pageQuery,
          response: { 200: pageOf(invitation) },
        },
      },
      async request => {
        const keyset = byTime('invitations', 'invitations.created_at', 'invitations.id', request.query);
        const rows = await keyset.apply(invitationRows(db, personOf(request).accountId)).execute();
        return keyset.page(rows, presentInvitation);
      },
    );

    app.post(
      '/team/invitations',
      {
        config: { access: { role: 'admin', person: true } },
        schema: {
          operationId: 'invite',
          tags: ['Team'],
          summary: 'Invite somebody',
          description: 'To a company’s address; valid for seven days.',
          body: z.object({ email, role: givenRole }),
          response: { 201: invitation },
        },
      },
      async (request, reply) => {
        const person = personOf(request);
        const { body } = request;
        if (isFreeMail(body.email)) {
          throw new Problem('VALIDATION_FAILED', 'Invite people at an address of your company.', {
            errors: [{ field: 'email', message: 'Addresses of public mailbox services are not taken.' }],
          });
        }
        const made = await auth.api.createInvitation({
          headers: webHeaders(request),
          body: { ...body, organizationId: person.accountId },
        });
        await writeAudit(db, author(person), {
          action: 'member.invited',
          target: `invitation:${body.email}`,
          detail: { role: body.role },
        });
        const row = await invitationRows(db, person.accountId)
          .where('invitations.id', '=', made.id)
          .executeTakeFirstOrThrow();
        return reply.code(201).send(presentInvitation(row));
      },
    );

    app.delete(
      '/team/invitations/:id',
      {
        config: { access: { role: 'admin', person: true } },
        schema: {
          operationId: 'cancelInvitation',
          tags: ['Team'],
          summary: 'Take an invitation back',
          params: idParams,
          response: { 200: done },
        },
      },
      async request => {
        const person = personOf(request);
        const row = await invitationRows(db, person.accountId)
          .where('invitations.id', '=', request.params.id)
          .executeTakeFirst();
        if (!row) throw notFound('invitation');
        await auth.api.cancelInvitation({ headers: webHeaders(request), body: { invitationId: row.id } });
        await writeAudit(db, author(person), {
          action: 'member.invitation_canceled',
          target: `invitation:${row.email}`,
        });
        return { ok: true as const };
      },
    );
  };
}

function byTime(order: string, column: string, idColumn: string, query: z.infer<typeof pageQuery>): Keyset {
  return new Keyset(
    order,
    { by: sql.ref(column), type: 'timestamptz', id: sql.ref(idColumn), direction: 'asc' },
    query,
  );
}

function memberRows(db: Database, accountId: string) {
  return db
    .selectFrom('members')
    .innerJoin('users', 'users.id', 'members.user_id')
    .select([
      'members.id',
      'members.user_id',
      'members.role',
      'members.created_at',
      'users.name',
      'users.email',
      'users.two_factor_enabled',
    ])
    .where('members.account_id', '=', accountId);
}

function invitationRows(db: Database, accountId: string) {
  return db
    .selectFrom('invitations')
    .innerJoin('users', 'users.id', 'invitations.inviter_id')
    .select([
      'invitations.id',
      'invitations.email',
      'invitations.role',
      'invitations.created_at',
      'invitations.expires_at',
      'users.name as inviter',
    ])
    .where('invitations.account_id', '=', accountId)
    .where('invitations.status', '=', 'pending')
    .where('invitations.expires_at', '>', new Date());
}

function presentInvitation(row: {
  id: string;
  email: string;
  role: string | null;
  inviter: string;
  created_at: Date;
  expires_at: Date;
}) {
  return {
    id: row.id,
    email: row.email,
    role: role.parse(row.role),
    invitedBy: row.inviter,
    createdAt: iso(row.created_at),
    expiresAt: iso(row.expires_at),
  };
}

/** @throws Problem for the owner, for oneself, and for anyone outside of the account. */
async function otherMember(db: Database, person: Person, memberId: string) {
  const target = await memberRows(db, person.accountId).where('members.id', '=', memberId).executeTakeFirst();
  if (!target) throw notFound('member');
  if (target.user_id === person.userId) throw new Problem('NOT_YOURSELF');
  if (target.role === 'owner') throw new Problem('OWNER_IS_FIXED');
  return target;
}
