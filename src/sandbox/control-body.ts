import type { FastifyRequest } from 'fastify';
import { type ZodType, z } from 'zod';

/**
 * The JSON body of a control request.
 * @throws Error that says what is wrong with it.
 */
export function readControl<T>(request: FastifyRequest, schema: ZodType<T>): T {
  const text = Buffer.isBuffer(request.body) ? request.body.toString() : '';
  const result = schema.safeParse(text === '' ? {} : JSON.parse(text));
  if (!result.success) throw new Error(z.prettifyError(result.error));
  return result.data;
}

/** Bytes in a JSON body. */
export const base64 = z.base64().transform(data => new Uint8Array(Buffer.from(data, 'base64')));
