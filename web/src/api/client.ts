import createClient from 'openapi-fetch';
import { ApiProblem } from './problem.ts';
import type { components, paths } from './schema';

export type Schemas = components['schemas'];

export const api = createClient<paths>({ credentials: 'same-origin' });

/**
 * The data of an answer.
 * @throws ApiProblem
 */
export async function answer<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await call.catch(unreachable);
  if (response.ok) return data as T;
  throw new ApiProblem(isDocument(error) ? error : unknownAnswer(response));
}

function unreachable(cause: unknown): never {
  throw new ApiProblem(
    {
      code: 'UNREACHABLE',
      title: 'The server cannot be reached',
      detail: 'No answer came. You may be offline, or Octopods is being restarted.',
    },
    { cause },
  );
}

function isDocument(error: unknown): error is Schemas['Problem'] {
  return error !== null && typeof error === 'object' && 'title' in error && 'detail' in error && 'code' in error;
}

/** From something between us and the server: a proxy, a firewall. */
function unknownAnswer({ status, statusText }: Response) {
  return {
    code: status >= 500 ? 'UNAVAILABLE' : 'UNEXPECTED',
    status,
    title: 'The answer makes no sense',
    detail: `Something before the server answered ${status} ${statusText}.`,
  };
}
