import type { Context } from '../../contract/adapter.ts';
import type { Failure } from '../../contract/failure.ts';
import type { Report } from '../../contract/platform.ts';
import { type Dict, id } from '../../kit/read.ts';
import { asAdmin } from './admins.ts';
import { type Answer, call } from './api.ts';
import { writeHtml } from './body.ts';
import type { IntercomConfig } from './manifest.ts';
import { partsOf } from './parts.ts';

type C = Context<IntercomConfig>;

/** Intercom has no way to set a part's delivery state, so only what a teammate must know is shown, as an internal note. */
export const reports: Report['status'][] = ['failed', 'unconfirmed', 'notice'];

/**
 * Writes an internal note into the thread. A message that failed also reopens a conversation that was closed or snoozed
 * meanwhile, for nobody would see the note there. Reopening comes first: it is harmless to repeat, a second note is not.
 */
export async function report(
  news: Report,
  context: C,
): Promise<{ ok: true; ids: string[] } | { ok: false; failure: Failure }> {
  const path = `/conversations/${encodeURIComponent(news.thread)}`;
  const ids: string[] = [];
  if (news.status === 'failed') {
    const reopened = await reopen(path, context);
    if (!reopened.ok) return reopened;
    ids.push(...reopened.ids);
  }
  const noted = await postNote(path, news.text ?? news.failure?.message ?? news.status, context);
  if (!noted.ok) return noted;
  return { ok: true, ids: [...ids, ...newest(noted.body, 'note')] };
}

async function reopen(
  path: string,
  context: C,
): Promise<{ ok: true; ids: string[] } | { ok: false; failure: Failure }> {
  const conversation = await call(context, { method: 'GET', path });
  if (!conversation.ok) return conversation;
  if (conversation.body.state !== 'closed' && conversation.body.state !== 'snoozed') return { ok: true, ids: [] };
  const opened = await asAdmin(context, adminId =>
    call(context, { method: 'POST', path: `${path}/parts`, json: { message_type: 'open', admin_id: adminId } }),
  );
  return opened.ok ? { ok: true, ids: newest(opened.body, 'open') } : opened;
}

function postNote(path: string, words: string, context: C): Promise<Answer> {
  return asAdmin(context, adminId =>
    call(context, {
      method: 'POST',
      path: `${path}/reply`,
      json: { message_type: 'note', type: 'admin', admin_id: adminId, body: writeHtml(words) },
      creates: true,
    }),
  );
}

function newest(conversation: Dict, partType: string): string[] {
  const partId = id(partsOf(conversation).findLast(part => part.part_type === partType)?.id);
  return partId === undefined ? [] : [partId];
}
