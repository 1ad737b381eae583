import type { Json } from '../../types.ts';
import type { Workspace } from '../workspace.ts';

/** An API call whose token has been found good. */
export interface ApiCall {
  workspace: Workspace;
  /** From the path, decoded. */
  params: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string>>;
  body: Json;
  /** The API version asked for. */
  version: string;
}

export interface Route {
  /** The operationId in the OpenAPI document. */
  operation: string;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** As the document writes it: `/contacts/{contact_id}`. */
  path: string;
  /** Gives the body of a 200. Throws an IntercomError for any other outcome. */
  handle(call: ApiCall): Json | Promise<Json>;
}

/** The values of a path's placeholders; undefined where the path is another. */
export function matchPath(template: string, path: string): Record<string, string> | undefined {
  const wanted = template.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const actual = given[index] ?? '';
    const name = /^\{(.+)\}$/.exec(segment)?.[1];
    if (name !== undefined) params[name] = decoded(actual);
    else if (segment !== actual) return undefined;
  }
  return params;
}

/** A segment with broken escapes stands for itself: it names nothing, and the answer is a 404. */
function decoded(segment: string): string {
  return /%(?![\da-f]{2})/i.test(segment) ? segment : decodeURIComponent(segment);
}
