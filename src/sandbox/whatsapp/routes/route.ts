import type { Json, UploadedFile } from '../../types.ts';
import type { Account } from '../account.ts';

/** A Graph call whose token has been found good. */
export interface GraphCall {
  query: Readonly<Record<string, string>>;
  body: Json;
  files: Readonly<Record<string, UploadedFile>>;
  /** The accounts that the token reaches, newest first as Meta lists them. */
  accounts: readonly Account[];
}

/** An edge of one kind of object, or the object itself. */
export interface Route<T> {
  /** The operationId in the OpenAPI document; in our own words where it has none. */
  operation: string;
  method: 'GET' | 'POST' | 'DELETE';
  /** What stands behind the object's id; absent for the object itself. */
  edge?: string;
  /** Whether the OpenAPI document describes the request's body. */
  checked?: boolean;
  /** Gives the body of a 200. Throws a GraphError for any other outcome. */
  handle(target: T, call: GraphCall): Json | Promise<Json>;
}
