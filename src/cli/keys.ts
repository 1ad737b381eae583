import type { Pool } from '../db/pool.ts';
import { formatKeyRing, makeKey, type Vault } from '../db/vault.ts';
import { withInstallation } from './installation.ts';

/** `octopods keys new`. */
export async function newKey(): Promise<void> {
  console.log(formatKeyRing([makeKey()]));
}

/** `octopods keys rotate`: afterwards every credential is sealed with the first key, and the others can go. */
export async function rotateKeys(): Promise<void> {
  await withInstallation(async ({ pool, vault }) => {
    const count = (await reseal(pool, vault, 'workspaces')) + (await reseal(pool, vault, 'channels'));
    console.log(count === 0 ? 'Every credential has the first key already.' : `${count} credentials sealed anew.`);
  });
}

async function reseal(pool: Pool, vault: Vault, table: 'workspaces' | 'channels'): Promise<number> {
  const { rows } = await pool.query<{ id: string; secrets: string }>(
    `select id, secrets from ${table} where secrets <> ''`,
  );
  const old = rows.filter(row => vault.needsRotation(row.secrets));
  for (const { id, secrets } of old) {
    const sealed = vault.seal(vault.open(secrets, id), id);
    // Only what was read is replaced: a reconnect in the meantime has sealed newer credentials.
    await pool.query(`update ${table} set secrets = $3 where id = $1 and secrets = $2`, [id, secrets, sealed]);
  }
  return old.length;
}
