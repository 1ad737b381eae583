import { type Expression, type RawBuilder, type SelectQueryBuilder, sql } from 'kysely';
import { z } from 'zod';
import { Problem } from './problem.ts';

/** The query of every list. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(50).meta({ description: 'Items per page.' }),
  cursor: z.string().max(2000).optional().meta({ description: '`nextCursor` of the page before.' }),
});

/** The answer of every list. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({
    items: z.array(item),
    nextCursor: z.string().nullable().meta({ description: 'Null on the last page.' }),
  });
}

interface SortKey {
  /** Never null, or rows without a value would be lost between pages. */
  by: Expression<unknown>;
  type: 'text' | 'timestamptz' | 'uuid';
  /** Makes equal values distinct. */
  id: Expression<unknown>;
  direction: 'asc' | 'desc';
}

interface Positioned {
  position: string;
}

interface Position {
  value: string;
  id: string;
}

/**
 * Keyset pagination: a page begins after the last row of the one before, by sort value and id, so that rows added or
 * removed meanwhile neither repeat nor hide others.
 */
export class Keyset {
  readonly #sort: SortKey;
  readonly #limit: number;
  /** The order a cursor belongs to: one made for another order would skip rows. */
  readonly #order: string;
  readonly #start: Position | undefined;

  /** @throws Problem when the cursor is not one of ours, or of another order. */
  constructor(order: string, sort: SortKey, query: { limit: number; cursor?: string | undefined }) {
    this.#order = `${order} ${sort.direction}`;
    this.#sort = sort;
    this.#limit = query.limit;
    this.#start = query.cursor === undefined ? undefined : read(query.cursor, this.#order, sort.type);
  }

  /** Orders and cuts a query to this page, and selects what the next cursor is made of. */
  apply<DB, TB extends keyof DB, O>(query: SelectQueryBuilder<DB, TB, O>) {
    return this.sort(query.select(this.#position().as('position')).where(this.#isAfterStart()));
  }

  /** Puts rows that several such queries gave into one order, and cuts them. */
  sort<DB, TB extends keyof DB, O>(query: SelectQueryBuilder<DB, TB, O>) {
    const { by, id, direction } = this.#sort;
    // One row more than the page holds tells whether there is another page.
    return query
      .orderBy(by, direction)
      .orderBy(id, direction)
      .limit(this.#limit + 1);
  }

  page<R extends Positioned & { id: string }, T>(
    rows: readonly R[],
    present: (row: R) => T,
  ): { items: T[]; nextCursor: string | null } {
    const shown = rows.slice(0, this.#limit);
    const last = shown.at(-1);
    return {
      items: shown.map(present),
      nextCursor: last && rows.length > this.#limit ? write(this.#order, last) : null,
    };
  }

  /** Times become whole microseconds: PostgreSQL's are finer than JavaScript's. */
  #position(): RawBuilder<string> {
    const { by, type } = this.#sort;
    return type === 'timestamptz'
      ? sql<string>`(extract(epoch from ${by}) * 1000000)::bigint::text`
      : sql<string>`${by}::text`;
  }

  #isAfterStart(): RawBuilder<boolean> {
    if (!this.#start) return sql<boolean>`true`;
    const { by, id, type, direction } = this.#sort;
    const value =
      type === 'timestamptz'
        ? sql`timestamptz 'epoch' + ${this.#start.value}::bigint * interval '1 microsecond'`
        : sql`${this.#start.value}::${sql.raw(type)}`;
    const sign = sql.raw(direction === 'asc' ? '>' : '<');
    return sql<boolean>`(${by}, ${id}) ${sign} (${value}, ${this.#start.id}::uuid)`;
  }
}

function write(order: string, row: Positioned & { id: string }): string {
  return Buffer.from(JSON.stringify([order, row.position, row.id])).toString('base64url');
}

const values = { text: z.string(), uuid: z.uuid(), timestamptz: z.string().regex(/^-?\d{1,16}$/) };

function read(cursor: string, order: string, type: SortKey['type']): Position {
  const shape = z.tuple([z.literal(order), values[type], z.uuid()]);
  const parsed = shape.safeParse(parse(Buffer.from(cursor, 'base64url').toString()));
  if (!parsed.success) {
    throw new Problem('VALIDATION_FAILED', 'The cursor does not belong to this list in this order.', {
      errors: [{ field: 'cursor', message: 'Use the nextCursor of the same list, or leave it out.' }],
    });
  }
  return { value: parsed.data[1], id: parsed.data[2] };
}

/** Undefined for anything that is no JSON, or that PostgreSQL could not store as text. */
function parse(text: string): unknown {
  try {
    return text.includes('\\u0000') ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
