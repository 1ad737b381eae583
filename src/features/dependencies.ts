import type { ChannelAdapter } from '../contract/channel.ts';
import type { PlatformAdapter } from '../contract/platform.ts';
import type { Pool } from '../db/pool.ts';
import type { Database } from '../db/schema.ts';
import type { Connections } from '../relay/connections.ts';
import type { Surroundings } from '../relay/context.ts';
import type { SetUp } from '../relay/setup.ts';
import type { Auth } from './accounts/auth.ts';

/** What the resource routes work with. */
export interface Dependencies {
  pool: Pool;
  db: Database;
  auth: Auth;
  setUp: SetUp;
  connections: Connections;
  surroundings: Surroundings;
  channels: ReadonlyMap<string, ChannelAdapter<unknown>>;
  platforms: ReadonlyMap<string, PlatformAdapter<unknown>>;
  /** The operator's own apps by platform id, for logins at the vendor. */
  apps: ReadonlyMap<string, { config: unknown }>;
}
