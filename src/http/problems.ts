import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { newId } from '../db/ids.ts';
import { sqlState } from '../db/pool.ts';
import { Problem, toDocument } from '../features/shared/problem.ts';
import type { ProblemCode } from '../features/shared/problem-kinds.ts';
import { problemOf } from '../features/shared/problem-of.ts';

const mediaType = 'application/problem+json';

/** Answers every error with a problem document, and logs those that are our fault. */
export function answerProblems(app: FastifyInstance): void {
  app.setErrorHandler(answerError);
  app.setNotFoundHandler((request, reply) => send(reply, new Problem('NOT_FOUND'), request.id));
}

/** For errors before routing, too: see `frameworkErrors` of Fastify. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const problem =
    problemOf(error) ??
    fromFramework(error) ??
    fromDatabase(error) ??
    new Problem('INTERNAL', undefined, { cause: error });
  const about = { code: problem.code, requestId: request.id, route: request.routeOptions.url };
  if (problem.status >= 500) request.log.error({ ...about, err: problem.cause ?? error }, 'a request failed');
  else request.log.debug({ ...about, detail: problem.message }, 'a request was refused');
  send(reply, problem, request.id);
}

function send(reply: FastifyReply, problem: Problem, requestId: string): void {
  reply
    .code(problem.status)
    .headers({ ...problem.headers, 'x-request-id': requestId, 'cache-control': 'no-store' })
    .type(mediaType)
    .serializer(JSON.stringify)
    .send(toDocument(problem, requestId));
}

const frameworkCodes: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'PAYLOAD_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
  FST_ERR_CTP_INVALID_JSON_BODY: 'MALFORMED_JSON',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'BAD_REQUEST',
  FST_ERR_BAD_URL: 'BAD_REQUEST',
};

function fromFramework(error: unknown): Problem | undefined {
  if (hasZodFastifySchemaValidationErrors(error)) {
    const errors = error.validation.map(issue => ({
      field: issue.instancePath.slice(1).replaceAll('/', '.'),
      message: issue.message ?? 'It is not valid.',
    }));
    return new Problem(
      'VALIDATION_FAILED',
      errors.map(({ field, message }) => `${field || error.validationContext}: ${message}`).join('; '),
      { errors },
    );
  }
  if (!isFastifyError(error)) return undefined;
  // secure-json-parse, which Fastify reads JSON with, throws a SyntaxError with a status and no code.
  if (error instanceof SyntaxError) return new Problem('MALFORMED_JSON', error.message);
  const code = frameworkCodes[error.code];
  if (code !== undefined) return new Problem(code, error.message);
  return error.statusCode !== undefined && error.statusCode < 500
    ? new Problem('BAD_REQUEST', error.message)
    : undefined;
}

function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number';
}

const unreachable = new Set(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'ENOTFOUND', 'EPIPE']);

/** SQLSTATE classes that say the server is going or cannot serve: 08 connection, 53 resources, 57P shutting down. */
function fromDatabase(error: unknown): Problem | undefined {
  const state = sqlState(error) ?? '';
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!/^(08|53|57P)/.test(state) && !unreachable.has(code)) return undefined;
  return new Problem('UNAVAILABLE', 'The database cannot be reached.', {
    headers: { 'retry-after': '5' },
    cause: error,
  });
}

/** Answers what is not even HTTP. There is no request yet, only a connection. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const problem = new Problem(error.code === 'HPE_HEADER_OVERFLOW' ? 'HEADERS_TOO_LARGE' : 'BAD_REQUEST');
  const requestId = newId();
  const body = JSON.stringify(toDocument(problem, requestId));
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    `content-type: ${mediaType}`,
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${requestId}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
