import type { IntercomWorkspace } from '../../src/sandbox/types.ts';
import type { Expect } from './case.ts';
import type { Findings } from './check.ts';
import type { SeenContact, SeenDelivery, SeenMessage } from './observe.ts';

/** What came of a request. */
export interface Outcome {
  messages: readonly SeenMessage[];
  /** What was sent to the customer. */
  sent: readonly SeenDelivery[];
  inbox: IntercomWorkspace;
  contacts: readonly SeenContact[];
}

/** What cases forbid, in their words. Those that are not here are said by the rest of a case as well. */
const forbidden: Readonly<Record<string, (outcome: Outcome, expect: Expect) => boolean>> = {
  'automatic reply': ({ sent }) => sent.length > 0,
  'a second contact': ({ contacts }) => contacts.length > 1,
  'a second unrelated customer message': ({ messages }, expect) => messages.length > (expect.messages?.length ?? 0),
  'contact with empty id': ({ messages }) => messages.some(({ senderId }) => senderId === ''),
  'phone number set on the contact': ({ contacts, inbox }) =>
    [...contacts, ...inbox.contacts].some(({ phone }) => phone !== null && phone !== ''),
  'sender_id prefixed with +': ({ messages }) => messages.some(({ senderId }) => senderId.startsWith('+')),
  'file named undefined or null': ({ inbox }) => filesOf(inbox).some(name => /^(undefined|null)\b/.test(name)),
  'a date in 1970': ({ messages }) => messages.some(({ timestamp }) => timestamp.startsWith('1970')),
};

/** Whether what these words forbid has happened. */
export function checkForbidden(words: string, expect: Expect, outcome: Outcome): Findings {
  const ending = /^file without (\.\w+) ending$/.exec(words)?.[1];
  const happened =
    ending === undefined
      ? forbidden[words]?.(outcome, expect)
      : filesOf(outcome.inbox).some(name => !name.endsWith(ending)) || filesOf(outcome.inbox).length === 0;
  return happened ? [`this must not be: ${words}`] : [];
}

/** The names of all files that the inbox shows. */
function filesOf({ conversations }: IntercomWorkspace): string[] {
  return conversations.flatMap(({ timeline }) =>
    timeline.flatMap(({ attachments }) => attachments.map(({ name }) => name)),
  );
}
