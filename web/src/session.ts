import { useSuspenseQuery } from '@tanstack/react-query';
import { redirect } from '@tanstack/react-router';
import { answer, api } from './api/client.ts';
import { ApiProblem } from './api/problem.ts';
import { meQuery, queryClient, setupQuery } from './api/queries.ts';

/** Who is signed in. Only below the pages that need somebody to be. */
export function useMe() {
  return useSuspenseQuery(meQuery).data;
}

/** Whether the person may change things. The server decides; this only spares them buttons that would be refused. */
export function useIsAdmin(): boolean {
  return useMe().role !== 'member';
}

/** Sends whoever is not signed in to where they can be. @throws the redirect, or what kept us from knowing. */
export async function requireSession(location: { href: string }): Promise<void> {
  try {
    await queryClient.ensureQueryData(meQuery);
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.status !== 401) throw error;
    const { needed } = await queryClient.fetchQuery({ ...setupQuery, staleTime: 0 });
    if (needed) throw redirect({ to: '/setup' });
    throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { next: location.href } });
  }
}

/** Forgets what belongs to the session before: another person must not see it. */
export function forgetSession(): void {
  queryClient.clear();
}

/** Leaves with a fresh page, so that nothing of the session stays in memory. */
export async function signOut(): Promise<void> {
  await answer(api.POST('/api/auth/sign-out'));
  window.location.assign('/sign-in');
}

/** All that is shown belongs to another account from now on, so the page begins anew. */
export async function switchAccount(accountId: string): Promise<void> {
  await answer(api.PUT('/api/v1/me/account', { body: { accountId } }));
  window.location.assign('/workspaces');
}

/** A path on this server to go on to after signing in; anything else is dropped. */
export function safePath(next: unknown): string | undefined {
  return typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : undefined;
}
