import { type Expression, type SqlBool, sql } from 'kysely';
import type { Principal } from './access.ts';

/**
 * The condition that keeps accounts apart, and the key of one workspace inside of it. Every query over a tenant's rows
 * carries it; `workspace` names the column that holds the workspace's id.
 */
export function ownRows(table: string, principal: Principal, workspace = 'workspace_id'): Expression<SqlBool> {
  const account = sql<SqlBool>`${sql.ref(`${table}.account_id`)} = ${principal.accountId}`;
  const only = principal.kind === 'key' ? principal.workspaceId : undefined;
  return only === undefined ? account : sql<SqlBool>`(${account} and ${sql.ref(`${table}.${workspace}`)} = ${only})`;
}
