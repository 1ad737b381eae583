import { betterAuth } from 'better-auth';
import { organization, twoFactor } from 'better-auth/plugins';
import type { Pool } from '../../db/pool.ts';
import { tables } from './tables.ts';

/** The request header in which the HTTP layer hands on the caller's address; whatever a client sends under this name is replaced. */
export const clientAddressHeader = 'x-octopods-client-address';

export interface AuthOptions {
  pool: Pool;
  /** Signs cookies and encrypts two-factor secrets. 32 characters or more. */
  secret: string;
  /** Where browsers reach us, without a slash at the end. Cookies are `Secure` when it is https. */
  baseUrl: string;
  log(level: 'debug' | 'info' | 'warn' | 'error', message: string): void;
}

/** Sign-in, sessions, two-factor, accounts ("organizations"), members and invitations. */
export function createAuth({ pool, secret, baseUrl, log }: AuthOptions) {
  return betterAuth({
    appName: 'Octopods',
    database: pool,
    secret,
    baseURL: baseUrl,
    basePath: '/api/auth',
    telemetry: { enabled: false },
    logger: { level: 'warn', log: (level, message) => log(level, message) },
    user: tables.user,
    session: { ...tables.session, expiresIn: 30 * 24 * 60 * 60 },
    account: tables.credential,
    verification: tables.verification,
    // People come in as the first owner or by invitation, both on routes of our own.
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 10 },
    // In the database, so that guessing is slowed down across all processes.
    rateLimit: {
      ...tables.rateLimit,
      enabled: true,
      storage: 'database',
      window: 60,
      max: 120,
      customRules: { '/sign-in/email': { window: 60, max: 10 }, '/two-factor/*': { window: 60, max: 10 } },
    },
    advanced: {
      cookiePrefix: 'octopods',
      useSecureCookies: baseUrl.startsWith('https:'),
      database: { generateId: 'uuid' },
      ipAddress: { ipAddressHeaders: [clientAddressHeader] },
      // The HTTP layer checks the origin of every request that carries a cookie, not only of these.
      disableCSRFCheck: true,
    },
    databaseHooks: {
      session: {
        create: {
          before: async session => ({
            data: { ...session, activeOrganizationId: await firstAccount(pool, session.userId) },
          }),
        },
      },
    },
    plugins: [
      organization({
        schema: tables.organization,
        allowUserToCreateOrganization: false,
        disableOrganizationDeletion: true,
        membershipLimit: 10_000,
        invitationLimit: 1_000,
        invitationExpiresIn: 7 * 24 * 60 * 60,
      }),
      twoFactor({ issuer: 'Octopods', schema: tables.twoFactor }),
    ],
  });
}

export type Auth = ReturnType<typeof createAuth>;

async function firstAccount(pool: Pool, userId: string): Promise<string | null> {
  const { rows } = await pool.query<{ account_id: string }>(
    'select account_id from members where user_id = $1 order by created_at, id limit 1',
    [userId],
  );
  return rows[0]?.account_id ?? null;
}
