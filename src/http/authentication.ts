import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Database } from '../db/schema.ts';
import type { Auth } from '../features/accounts/auth.ts';
import { passCookies, webHeaders } from '../features/accounts/session.ts';
import { findByKey } from '../features/api-keys/keys.ts';
import type { Principal } from '../features/shared/access.ts';
import { Problem } from '../features/shared/problem.ts';
import { role } from '../features/team/roles.ts';

/**
 * Who calls: an API key, in `X-Octopods-Auth` or as a bearer, else the session of the cookie.
 * @returns null when the request carries neither.
 * @throws Problem when what it carries is not valid.
 */
export async function authenticate(
  { auth, db }: { auth: Auth; db: Database },
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Principal | null> {
  const key = keyOf(request);
  if (key !== undefined) {
    const found = await findByKey(db, key);
    if (found === 'deprecated') throw new Problem('DEPRECATED_API_KEY');
    if (!found) throw new Problem('UNAUTHENTICATED', 'This API key is not known here.');
    return found;
  }
  if (request.headers.cookie === undefined) return null;
  const { response: session, headers } = await auth.api.getSession({
    headers: webHeaders(request),
    returnHeaders: true,
  });
  if (!session) return null;
  // A session that is used is prolonged, and its cookie with it.
  passCookies(headers, reply);
  const { user } = session;
  const member = await membershipOf(db, user.id, session.session.activeOrganizationId ?? null);
  if (!member) throw new Problem('NO_ACCOUNT');
  return {
    kind: 'person',
    userId: user.id,
    sessionId: session.session.id,
    name: user.name,
    email: user.email,
    accountId: member.account_id,
    role: role.parse(member.role),
  };
}

/** Whether the caller proves themselves by something that no other site can make a browser send. */
export function carriesKey(request: FastifyRequest): boolean {
  return keyOf(request) !== undefined;
}

function keyOf({ headers }: FastifyRequest): string | undefined {
  const own = headers['x-octopods-auth'];
  if (typeof own === 'string') return own.trim();
  return /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];
}

/** The account the session acts for; after a removal from it, the first of those that are left. */
function membershipOf(db: Database, userId: string, active: string | null) {
  return db
    .selectFrom('members')
    .select(['account_id', 'role'])
    .where('user_id', '=', userId)
    .orderBy(eb => eb('account_id', 'is not distinct from', active), 'desc')
    .orderBy('created_at')
    .executeTakeFirst();
}
