import type { FastifyRequest } from 'fastify';
import { Problem } from './problem.ts';

export type Role = 'owner' | 'admin' | 'member';

/** Who calls: a person with a session, or an API key. Both act for exactly one account. */
export type Principal = Person | ApiKey;

export interface Person {
  kind: 'person';
  userId: string;
  sessionId: string;
  name: string;
  email: string;
  accountId: string;
  role: Role;
}

export interface ApiKey {
  kind: 'key';
  keyId: string;
  accountId: string;
  /** The only workspace it opens. Absent: all of the account. */
  workspaceId?: string;
}

/** What a route asks of its caller. Every route under /api/v1 must say it; the server does not start otherwise. */
export interface Access {
  /** The lowest role that may call. `anyone`: no sign-in at all. An API key counts as an admin. */
  role: 'anyone' | 'member' | 'admin';
  /** API keys are refused: a leaked key must not be able to make more keys or invite people. */
  person?: true;
  /** Keys of one workspace are refused. */
  wholeAccount?: true;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
  }
  interface FastifyRequest {
    principal: Principal | null;
  }
}

/** @throws Problem when this caller may not use a route of this access. */
export function enforce(access: Access, principal: Principal | null): void {
  if (access.role === 'anyone') return;
  if (!principal) throw new Problem('UNAUTHENTICATED');
  if (principal.kind === 'key') {
    if (access.person) throw new Problem('PERSON_REQUIRED');
    if (access.wholeAccount && principal.workspaceId !== undefined) throw new Problem('WHOLE_ACCOUNT_REQUIRED');
    return;
  }
  if (access.role === 'admin' && principal.role === 'member') {
    throw new Problem('FORBIDDEN', 'This takes the role admin; yours is member.');
  }
}

/** The caller of a route that is not open to anyone. */
export function principalOf(request: FastifyRequest): Principal {
  if (!request.principal) throw new Problem('UNAUTHENTICATED');
  return request.principal;
}

/** The signed-in person who calls a route that keys cannot use. */
export function personOf(request: FastifyRequest): Person {
  const principal = principalOf(request);
  if (principal.kind !== 'person') throw new Problem('PERSON_REQUIRED');
  return principal;
}

/** The caller in one word, as the audit log and the idempotency keys know them. */
export function actorOf(principal: Principal): string {
  return principal.kind === 'person' ? `user:${principal.userId}` : `key:${principal.keyId}`;
}
