import type { Json } from '../types.ts';
import type { BusinessNumber } from './number.ts';

/** Something that happened, as it stands under `changes` in a webhook. */
export interface Change {
  field: string;
  value: Json;
  /** Whose callback it goes to first; absent for what concerns the account. */
  number?: BusinessNumber;
  /** What fault rules know it by. */
  operation: string;
  /** Webhooks of one lane leave one after another. */
  lane: string;
}

/** The lists of a value that can hold more than one thing. */
const lists = ['messages', 'statuses', 'message_echoes'] as const;

/** Puts neighbours of one number and kind into one change, as Meta does when much happens at once. */
export function merged(changes: readonly Change[]): Pick<Change, 'field' | 'value'>[] {
  const result: Change[] = [];
  for (const change of changes) {
    const last = result.at(-1);
    const list = lists.find(name => Array.isArray(change.value[name]));
    if (last && list && last.number === change.number && Array.isArray(last.value[list])) {
      last.value = {
        ...last.value,
        ...joined('contacts', last.value, change.value),
        ...joined(list, last.value, change.value),
      };
    } else {
      result.push({ ...change });
    }
  }
  return result.map(({ field, value }) => ({ field, value }));
}

/** Entries of both; a contact that both name stands there once. */
function joined(list: string, one: Json, other: Json): Json {
  const entries = [one[list], other[list]].flatMap(value => (Array.isArray(value) ? (value as unknown[]) : []));
  const different = new Map(entries.map(entry => [JSON.stringify(entry), entry]));
  return entries.length === 0 ? {} : { [list]: [...different.values()] };
}
