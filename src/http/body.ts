import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../features/shared/problem.ts';

/** Deeper than any request of ours; what is nested deeper was made to break something. */
const deepest = 32;

/** JSON is the only body the API takes. An empty one counts as none, for clients that send the header with every POST. */
export function takeJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.trim() === '') return done(null, undefined);
    return parse(request, body, done);
  });
}

/**
 * Refuses text that PostgreSQL cannot store and UTF-8 cannot carry, naming the field.
 * @throws Problem
 */
export async function refuseIllFormed(request: FastifyRequest): Promise<void> {
  for (const part of [request.params, request.query, request.body]) check(part);
}

function check(root: unknown): void {
  // A list instead of recursion: a body can be nested deeper than the stack.
  const open = [{ value: root, path: '', depth: 0 }];
  for (let item = open.pop(); item; item = open.pop()) {
    const { value, path, depth } = item;
    if (typeof value === 'string' && !isWellFormed(value))
      refuse(path, 'It holds a lone surrogate or a NUL character.');
    if (typeof value !== 'object' || value === null) continue;
    if (depth === deepest) refuse(path, `It is nested more than ${deepest} levels deep.`);
    for (const [key, entry] of Object.entries(value)) {
      if (!isWellFormed(key)) refuse(path, 'The name of a field holds a lone surrogate or a NUL character.');
      open.push({ value: entry, path: path === '' ? key : `${path}.${key}`, depth: depth + 1 });
    }
  }
}

function isWellFormed(text: string): boolean {
  return text.isWellFormed() && !text.includes('\u0000');
}

function refuse(field: string, message: string): never {
  throw new Problem('VALIDATION_FAILED', undefined, { errors: [{ field, message }] });
}
