import type { Context } from '../../contract/adapter.ts';
import { id } from '../../kit/read.ts';
import { type Answer, call } from './api.ts';
import { dicts } from './dicts.ts';
import type { IntercomConfig } from './manifest.ts';

/**
 * Makes a call in a teammate's name. The one found on connecting may have left the workspace since; then another takes
 * their place.
 */
export async function asAdmin(
  context: Context<IntercomConfig>,
  attempt: (adminId: string) => Promise<Answer>,
): Promise<Answer> {
  const { adminId } = context.config;
  if (adminId !== undefined) {
    const answer = await attempt(adminId);
    if (answer.ok || answer.failure.code !== 'admin_not_found') return answer;
  }
  const answer = await call(context, { method: 'GET', path: '/admins' });
  if (!answer.ok) return answer;
  const other = dicts(answer.body.admins)
    .filter(admin => admin.type === 'admin' && id(admin.id) !== adminId)
    .sort((a, b) => Number(b.has_inbox_seat === true) - Number(a.has_inbox_seat === true))[0];
  const otherId = id(other?.id);
  if (otherId !== undefined) return attempt(otherId);
  return {
    ok: false,
    failure: { class: 'config', message: 'The workspace has no teammate in whose name something could be posted.' },
  };
}
