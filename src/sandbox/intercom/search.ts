import type { Json } from '../types.ts';
import { invalid } from './errors.ts';

/** What of a thing can be searched: a field's value, or undefined for an unknown field. */
export type FieldReader<T> = (entry: T, field: string) => Searchable | readonly Searchable[] | undefined;

type Searchable = string | number | boolean | null;

/**
 * The entries that a search query fits. Groups nest twice at most and hold 15 filters each, as the vendor's do.
 * @throws IntercomError 400 on a query that is none.
 */
export function search<T>(entries: readonly T[], query: unknown, read: FieldReader<T>): T[] {
  return entries.filter(entry => fits(entry, asObject(query), read, 0));
}

/** A page of a list, in the vendor's cursor form. The cursor is the position to go on from. */
export function paginate<T>(entries: readonly T[], pagination: unknown): { page: T[]; pages: Json; total: number } {
  const { per_page, starting_after } = (pagination ?? {}) as { per_page?: unknown; starting_after?: unknown };
  const size = Math.min(Number(per_page ?? 50), 150);
  const start = starting_after == null ? 0 : Number(Buffer.from(String(starting_after), 'base64').toString());
  const end = start + size;
  return {
    page: entries.slice(start, end),
    total: entries.length,
    pages: {
      type: 'pages',
      page: Math.floor(start / size) + 1,
      per_page: size,
      total_pages: Math.max(1, Math.ceil(entries.length / size)),
      ...(end < entries.length
        ? { next: { per_page: size, starting_after: Buffer.from(String(end)).toString('base64') } }
        : {}),
    },
  };
}

function fits<T>(entry: T, query: Json, read: FieldReader<T>, depth: number): boolean {
  const { operator, value } = query;
  if (operator === 'AND' || operator === 'OR') {
    if (!Array.isArray(value)) throw invalid(`${operator} needs a list of filters`);
    if (value.length > 15) throw invalid('A group holds 15 filters at most');
    if (depth > 1) throw invalid('Groups nest two levels at most');
    const filter = (inner: unknown) => fits(entry, asObject(inner), read, depth + 1);
    return operator === 'AND' ? value.every(filter) : value.some(filter);
  }
  const found = read(entry, String(query.field));
  if (found === undefined) throw invalid(`Unknown search field ${query.field}`);
  return matches(Array.isArray(found) ? found : [found], String(operator), value);
}

function matches(found: readonly Searchable[], operator: string, wanted: unknown): boolean {
  const equal = (value: Searchable, other: unknown) => String(value ?? '') === String(other ?? '');
  const text = (value: Searchable) => String(value ?? '').toLowerCase();
  const needle = String(wanted ?? '').toLowerCase();
  const list = Array.isArray(wanted) ? wanted : [wanted];
  const some = (test: (value: Searchable) => boolean) => found.some(test);
  switch (operator) {
    case '=':
      return some(value => equal(value, wanted));
    case '!=':
      return !some(value => equal(value, wanted));
    case 'IN':
      return some(value => list.some(other => equal(value, other)));
    case 'NIN':
      return !some(value => list.some(other => equal(value, other)));
    case '>':
      return some(value => Number(value) > Number(wanted));
    case '<':
      return some(value => Number(value) < Number(wanted));
    case '~':
      return some(value => text(value).includes(needle));
    case '!~':
      return !some(value => text(value).includes(needle));
    case '^':
      return some(value => text(value).startsWith(needle));
    case '$':
      return some(value => text(value).endsWith(needle));
    default:
      throw invalid(`Unknown search operator ${operator}`);
  }
}

function asObject(query: unknown): Json {
  if (query === null || typeof query !== 'object' || Array.isArray(query)) throw invalid('query must be an object');
  return query as Json;
}
