import type { ChannelAdapter } from '../contract/channel.ts';
import type { PlatformAdapter } from '../contract/platform.ts';
import type { Queryable } from '../db/pool.ts';
import type { Vault } from '../db/vault.ts';

export type ConnectionStatus = 'pending' | 'connected' | 'offline' | 'disconnected';

interface Connection {
  id: string;
  accountId: string;
  workspaceId: string;
  identity: string;
  name: string;
  status: ConnectionStatus;
  hookToken: string;
  /** Whether the vendors' side is played by the sandbox. */
  sandbox: boolean;
  config: Readonly<Record<string, unknown>>;
  /** The values that no log, trace or answer may show. */
  secrets: readonly string[];
}

export interface ChannelConnection extends Connection {
  side: 'channel';
  kind: string;
  label: string;
  pausedUntil: Date | undefined;
  /** By a person; only a person brings it back. */
  switchedOff: boolean;
  adapter: ChannelAdapter<unknown>;
}

export interface WorkspaceConnection extends Connection {
  side: 'workspace';
  platform: string;
  adapter: PlatformAdapter<unknown>;
}

export type AnyConnection = ChannelConnection | WorkspaceConnection;

interface Row {
  side: 'channel' | 'workspace';
  id: string;
  account_id: string;
  workspace_id: string;
  adapter: string;
  identity: string;
  name: string;
  status: ConnectionStatus;
  hook_token: string;
  sandbox: boolean;
  config: Record<string, unknown>;
  secrets: string;
  paused_until: Date | null;
  switched_off: boolean;
}

const select = `
  select * from (
    select 'channel' as side, c.id, c.account_id, c.workspace_id, c.kind as adapter, c.identity,
           coalesce(c.friendly_name, c.name) as name, c.status, c.hook_token, w.sandbox, c.config, c.secrets, c.paused_until,
           c.switched_off
    from channels c join workspaces w on w.id = c.workspace_id
    where c.removed_at is null and w.archived_at is null
    union all
    select 'workspace', id, account_id, id, platform, identity, name, status, hook_token, sandbox, config, secrets, null, false
    from workspaces where archived_at is null
  ) connection`;

/** How long a process trusts what it read, should a change's notice be lost. */
const lifetime = 10_000;

/**
 * Live channels and workspaces with their adapters and opened credentials. Read once, kept for some seconds, and dropped at
 * once when `forget` hears of a change; so the hot path does not read them again for every message.
 */
export class Connections {
  readonly #db: Queryable;
  readonly #vault: Vault;
  readonly #channels: ReadonlyMap<string, ChannelAdapter<unknown>>;
  readonly #platforms: ReadonlyMap<string, PlatformAdapter<unknown>>;
  readonly #cache = new Map<string, { until: number; value: Promise<AnyConnection | undefined> }>();

  constructor(options: {
    db: Queryable;
    vault: Vault;
    channels: ReadonlyMap<string, ChannelAdapter<unknown>>;
    platforms: ReadonlyMap<string, PlatformAdapter<unknown>>;
  }) {
    this.#db = options.db;
    this.#vault = options.vault;
    this.#channels = options.channels;
    this.#platforms = options.platforms;
  }

  async channel(id: string): Promise<ChannelConnection | undefined> {
    const found = await this.#find('id', id);
    return found?.side === 'channel' ? found : undefined;
  }

  async workspace(id: string): Promise<WorkspaceConnection | undefined> {
    const found = await this.#find('id', id);
    return found?.side === 'workspace' ? found : undefined;
  }

  byToken(token: string): Promise<AnyConnection | undefined> {
    return this.#find('hook_token', token);
  }

  byIdentity(identity: string): Promise<AnyConnection | undefined> {
    return this.#find('identity', identity);
  }

  /** Something changed (a reconnect, a new token, a removal): read again. */
  forget(): void {
    this.#cache.clear();
  }

  #find(column: 'id' | 'hook_token' | 'identity', value: string): Promise<AnyConnection | undefined> {
    const key = `${column}:${value}`;
    const kept = this.#cache.get(key);
    if (kept && kept.until > Date.now()) return kept.value;
    const read = this.#read(column, value);
    this.#cache.set(key, { until: Date.now() + lifetime, value: read });
    const drop = () => this.#cache.delete(key);
    // Neither a failed read nor an unknown token is worth keeping: a stranger could fill the memory with guesses.
    read.then(found => found ?? drop(), drop);
    return read;
  }

  async #read(column: string, value: string): Promise<AnyConnection | undefined> {
    // PostgreSQL takes no NUL, and what a stranger wrote may hold one: it names nothing of ours.
    if (value.includes('\u0000')) return undefined;
    const { rows } = await this.#db.query<Row>(`${select} where ${column}::text = $1`, [value]);
    const row = rows[0];
    return row && this.#connection(row);
  }

  #connection(row: Row): AnyConnection | undefined {
    const secret: Record<string, unknown> = JSON.parse(this.#vault.open(row.secrets, row.id));
    const common = {
      id: row.id,
      accountId: row.account_id,
      workspaceId: row.workspace_id,
      identity: row.identity,
      name: row.name,
      status: row.status,
      hookToken: row.hook_token,
      sandbox: row.sandbox,
      config: { ...row.config, ...secret },
      secrets: Object.values(secret).filter(value => typeof value === 'string'),
    };
    if (row.side === 'channel') {
      const adapter = this.#channels.get(row.adapter);
      if (!adapter) return undefined;
      const pausedUntil = row.paused_until ?? undefined;
      return {
        ...common,
        side: 'channel',
        kind: row.adapter,
        label: adapter.manifest.label,
        pausedUntil,
        switchedOff: row.switched_off,
        adapter,
      };
    }
    const adapter = this.#platforms.get(row.adapter);
    return adapter && { ...common, side: 'workspace', platform: row.adapter, adapter };
  }
}
