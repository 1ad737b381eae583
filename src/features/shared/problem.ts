import { z } from 'zod';
import { type ProblemCode, problemKinds } from './problem-kinds.ts';

export interface FieldError {
  /** Dotted path of the field as the caller wrote it; empty for the whole body. */
  field: string;
  message: string;
}

interface ProblemOptions {
  errors?: FieldError[];
  /** Further members of the document. */
  more?: Record<string, unknown>;
  headers?: Record<string, string>;
  /** For the log, never for the answer. */
  cause?: unknown;
}

/** Thrown by a route to answer with a problem document. `detail` is a sentence for the caller and holds no secret. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly errors: readonly FieldError[];
  readonly more: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ProblemCode, detail: string = problemKinds[code].title, options: ProblemOptions = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Problem';
    this.code = code;
    this.errors = options.errors ?? [];
    this.more = options.more ?? {};
    this.headers = options.headers ?? {};
  }

  get status(): number {
    return problemKinds[this.code].status;
  }
}

/** The answer to an id that is unknown, or that belongs to another account: nobody learns which. */
export function notFound(what: string): Problem {
  return new Problem('NOT_FOUND', `There is no such ${what}.`);
}

/** RFC 9457 with our members `code`, `request_id` and `errors`. */
export const problemDocument = z
  .looseObject({
    type: z.string().meta({ description: 'Where this kind of problem is explained.' }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().meta({ description: 'Stable; branch on this.', examples: ['NOT_FOUND'] }),
    request_id: z.string().meta({ description: 'Also in the header x-request-id and in the server’s log.' }),
    errors: z.array(z.object({ field: z.string(), message: z.string() })),
  })
  .meta({ id: 'Problem', description: 'What went wrong (RFC 9457). Sent as application/problem+json.' });

export type ProblemDocument = z.infer<typeof problemDocument>;

export function toDocument(problem: Problem, requestId: string): ProblemDocument {
  const kind = problemKinds[problem.code];
  return {
    type: `/docs/errors#${problem.code.toLowerCase()}`,
    title: kind.title,
    status: kind.status,
    detail: problem.message,
    code: problem.code,
    request_id: requestId,
    errors: [...problem.errors],
    ...problem.more,
  };
}
