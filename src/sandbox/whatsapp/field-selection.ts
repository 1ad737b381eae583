import type { Json } from '../types.ts';
import { GraphBreach } from './errors.ts';

/** A kind of object that the Graph API reads. */
export interface Node {
  /** As errors call it: `WhatsAppBusinessPhoneNumber`. */
  type: string;
  /** What a read tells that names no fields. */
  usual: readonly string[];
  /** Fields that exist, but have no value in the double. */
  without: readonly string[];
}

/**
 * The fields that a read asks for: `fields=id,throughput{level}`. The id is always among them.
 * @throws GraphBreach for a field that does not exist.
 */
export function select(node: Node, object: Json, fields: string | undefined): Json {
  const wanted = fields === undefined ? node.usual.map(name => ({ name, inner: undefined })) : parse(fields);
  const selected: Json = {};
  for (const { name, inner } of wanted) {
    const value = object[name];
    if (value === undefined && !node.without.includes(name) && !node.usual.includes(name)) {
      throw new GraphBreach(400, 100, `(#100) Tried accessing nonexisting field (${name}) on node type (${node.type})`);
    }
    if (value !== undefined) selected[name] = inner === undefined ? value : part(value, inner);
  }
  return { ...selected, id: object.id };
}

function part(value: unknown, inner: string): unknown {
  if (value === null || typeof value !== 'object') return value;
  const names = inner.split(',').map(name => name.trim());
  return Object.fromEntries(Object.entries(value).filter(([name]) => names.includes(name)));
}

function parse(fields: string): { name: string; inner: string | undefined }[] {
  return [...fields.matchAll(/([a-z_]+)(?:\{([^{}]*)\})?/g)].map(([, name = '', inner]) => ({ name, inner }));
}

/** One page of a list, with cursors: `limit` entries (25 unless told) behind `after`. */
export function page(entries: readonly Json[], { limit, after }: Readonly<Record<string, string>>): Json {
  const start = after === undefined ? 0 : Number(Buffer.from(after, 'base64url').toString()) + 1;
  const size = Math.min(Number(limit ?? 25), 100);
  if (!Number.isInteger(start) || !Number.isInteger(size) || size < 1) {
    throw new GraphBreach(400, 100, '(#100) Invalid paging parameters');
  }
  const data = entries.slice(start, start + size);
  if (data.length === 0) return { data };
  const cursor = (index: number) => Buffer.from(String(index)).toString('base64url');
  const last = start + data.length - 1;
  const cursors = { before: cursor(start), after: cursor(last) };
  return { data, paging: { cursors, ...(last + 1 < entries.length ? { next: cursor(last) } : {}) } };
}
