import type { Json } from './types.ts';

/**
 * An OpenAPI 3.0 schema as JSON Schema: `nullable: true` says there that null is one of the types. References move from
 * the document's own root to the id under which its components are known to the validator.
 */
export function asJsonSchema(node: unknown, documentId: string): unknown {
  if (Array.isArray(node)) return node.map(entry => asJsonSchema(entry, documentId));
  if (node === null || typeof node !== 'object') return node;
  const { nullable, example: _, examples: __, ...rest } = node as Json;
  const schema: Json = Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [key, asJsonSchema(value, documentId)]),
  );
  if (typeof schema.$ref === 'string') schema.$ref = schema.$ref.replace(/^#/, `${documentId}#`);
  return nullable === true ? { anyOf: [{ type: 'null' }, schema] } : schema;
}
