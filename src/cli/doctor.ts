import { migrate } from '../db/migrate.ts';
import { failureOf } from '../kit/failure.ts';
import { createHttp } from '../kit/http.ts';
import type { AnyConnection } from '../relay/connections.ts';
import { type Installation, withInstallation } from './installation.ts';
import { localSetUp } from './setup.ts';

type Finding = { what: string } & ({ ok: true; detail: string } | { ok: false; detail: string; advice: string });

/** `octopods doctor`: looks at everything that must be right, says what is not, and what to do. Exit code 1 if anything is wrong. */
export async function doctor(): Promise<void> {
  const findings = await withInstallation(async installation => [
    await database(installation),
    await publicAddress(installation),
    ...(await connected(installation)),
  ]);
  for (const finding of findings) {
    console.log(`${finding.ok ? '✓' : '✗'} ${finding.what}: ${finding.detail}`);
    if (!finding.ok) console.log(`    ${finding.advice}`);
  }
  if (findings.some(finding => !finding.ok)) process.exitCode = 1;
}

async function database({ pool, config }: Installation): Promise<Finding> {
  await migrate(pool);
  const { rows } = await pool.query<{ server_version: string }>('show server_version');
  const version = rows[0]?.server_version ?? 'unknown';
  const where = config.databaseUrl === undefined ? `embedded, in ${config.dataDir}` : 'DATABASE_URL';
  if (Number.parseInt(version, 10) >= 15)
    return { what: 'Database', ok: true, detail: `PostgreSQL ${version} (${where})` };
  const advice = 'Upgrade it to PostgreSQL 15 or later, or leave DATABASE_URL out to use the embedded one.';
  return { what: 'Database', ok: false, detail: `PostgreSQL ${version} is too old`, advice };
}

async function publicAddress({ config }: Installation): Promise<Finding> {
  const what = 'Public address';
  if (config.publicUrl === undefined) {
    const advice = 'Set PUBLIC_URL to the https address under which the world reaches this server.';
    return { what, ok: false, detail: 'not set, so no provider can reach us', advice };
  }
  try {
    const answer = await createHttp().request({ url: `${config.publicUrl}/livez`, timeout: 10_000 });
    if (answer.status === 200) return { what, ok: true, detail: config.publicUrl };
    const advice = 'Start the server, and check the proxy in front of it: /livez must lead here.';
    return { what, ok: false, detail: `${config.publicUrl}/livez answered ${answer.status}`, advice };
  } catch (error) {
    const advice = 'Check the name, the certificate and the firewall, and that the server runs.';
    return { what, ok: false, detail: failureOf(error).message, advice };
  }
}

async function connected(installation: Installation): Promise<Finding[]> {
  const { pool, connections } = installation;
  const setUp = localSetUp(installation);
  const { rows } = await pool.query<{ id: string }>(
    `select id from workspaces where archived_at is null and not sandbox
     union all
     select c.id from channels c join workspaces w on w.id = c.workspace_id
     where c.removed_at is null and w.archived_at is null and not w.sandbox`,
  );
  const findings: Finding[] = [];
  for (const { id } of rows) {
    const connection: AnyConnection | undefined = (await connections.channel(id)) ?? (await connections.workspace(id));
    if (!connection) continue;
    const what = `${connection.adapter.manifest.label} ${connection.name}`;
    const found = await setUp.check(connection);
    const detail = found.reason === undefined ? found.status : `${found.status} – ${found.reason}`;
    if (found.status === 'connected') findings.push({ what, ok: true, detail });
    else findings.push({ what, ok: false, detail, advice: found.advice ?? 'Open it in the API and reconnect it.' });
  }
  return findings;
}
