import type { PartDraft } from './conversations.ts';

/** The topics under which a teammate's part is told. Text makes a reply of a change of state. */
export function adminTopics(part: Pick<PartDraft, 'type' | 'html' | 'files'>, wasSnoozed = false): string[] {
  const replied = part.html !== null || (part.files ?? []).length > 0 ? ['conversation.admin.replied'] : [];
  switch (part.type) {
    case 'note':
      return ['conversation.admin.noted'];
    case 'close':
      return [...replied, 'conversation.admin.closed'];
    case 'open':
      return [...replied, `conversation.admin.${wasSnoozed ? 'unsnoozed' : 'opened'}`];
    case 'assignment':
      return ['conversation.admin.assigned'];
    case 'snoozed':
      return ['conversation.admin.snoozed'];
    default:
      return ['conversation.admin.replied'];
  }
}
