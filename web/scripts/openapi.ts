import { Disk } from 'flydrive';
import { FSDriver } from 'flydrive/drivers/fs';
import openapiTS, { astToString, COMMENT_HEADER } from 'openapi-typescript';
import pino from 'pino';
import { channels } from '../../src/channels/registry.ts';
import { createPool } from '../../src/db/pool.ts';
import { createDatabase } from '../../src/db/schema.ts';
import { createVault, makeKey } from '../../src/db/vault.ts';
import { createAuth } from '../../src/features/accounts/auth.ts';
import { createFeatures } from '../../src/features/index.ts';
import { createApp } from '../../src/http/app.ts';
import { platforms } from '../../src/platforms/registry.ts';
import { Connections } from '../../src/relay/connections.ts';
import { MediaStore } from '../../src/relay/media.ts';
import { SetUp } from '../../src/relay/setup.ts';

export const schemaFile = new URL('../src/api/schema.d.ts', import.meta.url);

/** The types of our API's routes, generated from the document that the server gives out. Needs no database. */
export async function apiTypes(): Promise<string> {
  const document = await openApiDocument();
  return COMMENT_HEADER + astToString(await openapiTS(document));
}

/** Boots the HTTP side without listening; its pool never connects, for nothing is asked of it. */
async function openApiDocument(): Promise<string> {
  const secret = 'only-to-describe-the-routes-only-to-describe';
  const pool = createPool('postgres://nobody@127.0.0.1:9/nowhere');
  const db = createDatabase(pool);
  const vault = createVault([makeKey()]);
  const disk = new Disk(new FSDriver({ location: new URL('file:///nowhere/'), visibility: 'private' }));
  const media = new MediaStore({ pool, disk, secret });
  const surroundings = { media, publicUrl: undefined, localUrl: 'http://127.0.0.1:9', sandboxUrl: undefined };
  const connections = new Connections({ db: pool, vault, channels, platforms });
  const setUp = new SetUp({ pool, vault, connections, surroundings, channels, platforms });
  const auth = createAuth({ pool, secret, baseUrl: 'http://127.0.0.1:9', log: () => undefined });
  const features = createFeatures({
    pool,
    db,
    auth,
    setUp,
    connections,
    surroundings,
    channels,
    platforms,
    apps: new Map(),
  });
  const app = await createApp({
    config: {},
    pool,
    db,
    vault,
    auth,
    logger: pino({ level: 'silent' }),
    metrics: { scrape: async () => ({ body: '', contentType: 'text/plain' }) },
    features,
    hooks: async () => undefined,
    media: async () => undefined,
  });
  await app.ready();
  const document = JSON.stringify(app.swagger());
  await app.close();
  await pool.end();
  return document;
}
