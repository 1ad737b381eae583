import type { Connected, Health } from '../contract/adapter.ts';
import type { Failure } from '../contract/failure.ts';
import { newId } from '../db/ids.ts';
import { type Pool, sqlState, transaction, violatedConstraint } from '../db/pool.ts';
import type { Vault } from '../db/vault.ts';
import { failureOf } from '../kit/failure.ts';
import type { AnyConnection, ChannelConnection, Connections, WorkspaceConnection } from './connections.ts';
import { randomToken, type Surroundings, setUpContextFor } from './context.ts';
import { unpark } from './lanes/park.ts';
import { announceConnections } from './notices.ts';
import { splitSecrets } from './secrets.ts';
import { recordStatus } from './status.ts';

export type SetUpErrorCode =
  | 'not_found'
  | 'unknown_adapter'
  | 'invalid_config'
  | 'platform_not_supported'
  | 'identity_taken'
  | 'identity_changed'
  | 'provider_refused';

/** A set-up step that did not succeed; the message is for the person who tried. */
export class SetUpError extends Error {
  readonly code: SetUpErrorCode;
  readonly field: string | undefined;
  readonly issues: readonly { field: string; message: string }[];
  readonly failure: Failure | undefined;

  constructor(
    code: SetUpErrorCode,
    message: string,
    detail: { field?: string; issues?: { field: string; message: string }[]; failure?: Failure } = {},
  ) {
    super(message);
    this.name = 'SetUpError';
    this.code = code;
    this.field = detail.field;
    this.issues = detail.issues ?? [];
    this.failure = detail.failure;
  }
}

type Config = Record<string, unknown>;
type Table = 'channels' | 'workspaces';

const table = (connection: AnyConnection): Table => (connection.side === 'channel' ? 'channels' : 'workspaces');

/** Connecting, checking and disconnecting workspaces and channels, the same way for every adapter. */
export class SetUp {
  readonly #pool: Pool;
  readonly #vault: Vault;
  readonly #connections: Connections;
  readonly #surroundings: Surroundings;
  readonly #adapters: {
    channels: ReadonlyMap<string, ChannelConnection['adapter']>;
    platforms: ReadonlyMap<string, WorkspaceConnection['adapter']>;
  };

  constructor(options: {
    pool: Pool;
    vault: Vault;
    connections: Connections;
    surroundings: Surroundings;
    channels: ReadonlyMap<string, ChannelConnection['adapter']>;
    platforms: ReadonlyMap<string, WorkspaceConnection['adapter']>;
  }) {
    this.#pool = options.pool;
    this.#vault = options.vault;
    this.#connections = options.connections;
    this.#surroundings = options.surroundings;
    this.#adapters = options;
  }

  /**
   * Links an account to one platform workspace. Returns the new workspace's id.
   * @throws SetUpError
   */
  async connectWorkspace(input: {
    accountId: string;
    platform: string;
    config: unknown;
    sandbox?: boolean;
    connectedBy?: string;
  }): Promise<string> {
    const adapter = this.#adapters.platforms.get(input.platform);
    if (!adapter)
      throw new SetUpError('unknown_adapter', `There is no platform called “${input.platform}”.`, {
        field: 'platform',
      });
    const id = newId();
    const hookToken = randomToken();
    const connected = await this.#connect(adapter, parse(adapter.manifest.config, input.config), {
      workspaceId: id,
      sandbox: input.sandbox ?? false,
      hookToken,
    });
    const stored = this.#seal(adapter.manifest.config, connected.config, id);
    await this.#insert(
      `insert into workspaces (id, account_id, platform, identity, name, config, secrets, hook_token, sandbox, status,
         status_reason, status_advice, facts, connected_by)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
      [
        id,
        input.accountId,
        input.platform,
        connected.identity,
        connected.name,
        stored.open,
        stored.secrets,
        hookToken,
        input.sandbox ?? false,
        ...health(connected),
        input.connectedBy ?? null,
      ],
      { workspaceId: id, subjectId: id, connected },
    );
    return id;
  }

  /**
   * Connects one messaging identity to a workspace. Returns the new channel's id.
   * @throws SetUpError
   */
  async connectChannel(input: {
    accountId: string;
    workspaceId: string;
    kind: string;
    config: unknown;
    friendlyName?: string;
  }): Promise<string> {
    const adapter = this.#adapters.channels.get(input.kind);
    if (!adapter)
      throw new SetUpError('unknown_adapter', `There is no channel called “${input.kind}”.`, { field: 'kind' });
    const workspace = await this.#connections.workspace(input.workspaceId);
    if (!workspace || workspace.accountId !== input.accountId) {
      throw new SetUpError('not_found', 'There is no such workspace.', { field: 'workspaceId' });
    }
    if (!adapter.manifest.platforms.includes(workspace.platform)) {
      throw new SetUpError(
        'platform_not_supported',
        `${adapter.manifest.label} channels cannot be added to ${workspace.adapter.manifest.label} workspaces.`,
        { field: 'kind' },
      );
    }
    const id = newId();
    const hookToken = randomToken();
    const connected = await this.#connect(adapter, parse(adapter.manifest.config, input.config), {
      workspaceId: workspace.id,
      sandbox: workspace.sandbox,
      hookToken,
    });
    const stored = this.#seal(adapter.manifest.config, connected.config, id);
    await this.#insert(
      `insert into channels (id, account_id, workspace_id, kind, identity, name, friendly_name, config, secrets, hook_token,
         status, status_reason, status_advice, facts)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
      [
        id,
        input.accountId,
        workspace.id,
        input.kind,
        connected.identity,
        connected.name,
        input.friendlyName ?? null,
        stored.open,
        stored.secrets,
        hookToken,
        ...health(connected),
      ],
      { workspaceId: workspace.id, subjectId: id, connected },
    );
    // A provider may have called our address while it was not stored yet; asked again, it says connected.
    const channel = connected.status === 'pending' ? await this.#connections.channel(id) : undefined;
    if (channel) await this.check(channel);
    return id;
  }

  /**
   * Gives a channel or workspace new credentials (or tries the kept ones again) and lets what waited go on. The identity
   * must stay the same: another number or bot is another channel.
   * @throws SetUpError
   */
  async reconnect(connection: AnyConnection, config: Config = {}): Promise<void> {
    const { adapter } = connection;
    const merged = parse(adapter.manifest.config, { ...connection.config, ...config });
    const connected = await this.#connect(adapter, merged, connection);
    if (connected.identity !== connection.identity) {
      throw new SetUpError(
        'identity_changed',
        `These credentials belong to ${connected.name}, not to ${connection.name}. Connect it as a new one instead.`,
      );
    }
    const stored = this.#seal(adapter.manifest.config, connected.config, connection.id);
    await transaction(this.#pool, async client => {
      await client.query(
        `update ${table(connection)} set config = $2, secrets = $3, updated_at = now() where id = $1`,
        [connection.id, stored.open, stored.secrets],
      );
      if (connection.side === 'channel') {
        await client.query('update channels set switched_off = false where id = $1', [connection.id]);
      }
      await recordStatus(client, connection, connected);
      if (connected.status === 'connected') await unpark(client, connection.id);
    });
    await announceConnections(this.#pool);
    this.#connections.forget();
  }

  /** Asks the provider how things are and writes it down. What a person switched off stays so and is not asked about. */
  async check(connection: AnyConnection): Promise<Health> {
    if (connection.side === 'channel' && connection.switchedOff) return { status: connection.status };
    const context = setUpContextFor(connection, this.#surroundings);
    const found = await connection.adapter.check(context).catch(
      (error: unknown): Health => ({
        status: 'offline',
        reason: failureOf(error).message,
        advice: 'Nothing to do unless it lasts: the next check runs by itself.',
      }),
    );
    await transaction(this.#pool, async client => {
      await recordStatus(client, connection, found);
      if (found.status === 'connected') await unpark(client, connection.id);
    });
    await announceConnections(this.#pool);
    this.#connections.forget();
    return found;
  }

  /** A person switches a channel off: our webhook goes, what waits is parked, and `reconnect` brings it back. */
  async switchOff(connection: ChannelConnection): Promise<void> {
    await this.#takeAway(connection);
    await this.#pool.query('update channels set switched_off = true where id = $1', [connection.id]);
    await recordStatus(this.#pool, connection, {
      status: 'disconnected',
      reason: 'Switched off by a member of the team.',
      advice: 'Reconnect it to go on; nothing that waits is lost.',
    });
    await announceConnections(this.#pool);
    this.#connections.forget();
  }

  /** Removes a channel: its identity is free for another, its history stays. */
  async removeChannel(channel: ChannelConnection): Promise<void> {
    await this.#takeAway(channel);
    await this.#pool.query("update channels set removed_at = now(), secrets = '', updated_at = now() where id = $1", [
      channel.id,
    ]);
    await announceConnections(this.#pool);
    this.#connections.forget();
  }

  /** Archives a workspace: its channels stop with it, and all of it can be restored. */
  async archiveWorkspace(workspace: WorkspaceConnection): Promise<void> {
    const { rows } = await this.#pool.query<{ id: string }>(
      'select id from channels where workspace_id = $1 and removed_at is null',
      [workspace.id],
    );
    for (const { id } of rows) {
      const channel = await this.#connections.channel(id);
      if (channel) await this.switchOff(channel);
    }
    await this.#pool.query('update workspaces set archived_at = now(), updated_at = now() where id = $1', [
      workspace.id,
    ]);
    await announceConnections(this.#pool);
    this.#connections.forget();
  }

  /**
   * Brings an archived workspace back. Its channels stay switched off until each is reconnected.
   * @throws SetUpError `identity_taken` when the platform account was connected elsewhere meanwhile.
   */
  async restoreWorkspace(id: string): Promise<void> {
    await this.#claimingIdentity(() =>
      this.#pool.query('update workspaces set archived_at = null, updated_at = now() where id = $1', [id]),
    );
    await announceConnections(this.#pool);
    this.#connections.forget();
  }

  async #takeAway(connection: AnyConnection): Promise<void> {
    // Best effort: a revoked token must not keep anybody from removing a channel. The provider forgets us in its own time.
    await connection.adapter.disconnect(setUpContextFor(connection, this.#surroundings)).catch(failureOf);
  }

  async #connect(
    adapter: ChannelConnection['adapter'] | WorkspaceConnection['adapter'],
    config: Config,
    subject: { workspaceId: string; sandbox: boolean; hookToken: string },
  ): Promise<Connected<Config>> {
    const { secret } = splitSecrets(adapter.manifest.config, config);
    const secrets = Object.values(secret).filter(value => typeof value === 'string');
    const context = setUpContextFor({ ...subject, config, secrets }, this.#surroundings);
    const result = await adapter
      .connect(context)
      .catch((error: unknown) => ({ ok: false as const, failure: failureOf(error), field: undefined }));
    if (!result.ok) {
      throw new SetUpError('provider_refused', result.failure.message, {
        failure: result.failure,
        ...(result.field === undefined ? {} : { field: `config.${result.field}` }),
      });
    }
    return { ...result.connected, config: asConfig(result.connected.config) };
  }

  #seal(schema: ChannelConnection['adapter']['manifest']['config'], config: Config, id: string) {
    const { open, secret } = splitSecrets(schema, config);
    return { open, secrets: this.#vault.seal(JSON.stringify(secret), id) };
  }

  async #insert(
    sql: string,
    values: unknown[],
    made: { workspaceId: string; subjectId: string; connected: Health },
  ): Promise<void> {
    await this.#claimingIdentity(() =>
      transaction(this.#pool, async client => {
        await client.query(sql, values);
        await client.query(
          'insert into status_history (workspace_id, subject_id, status, reason) values ($1, $2, $3, $4)',
          [made.workspaceId, made.subjectId, made.connected.status, made.connected.reason ?? null],
        );
      }),
    );
    await announceConnections(this.#pool);
    this.#connections.forget();
  }

  async #claimingIdentity(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (sqlState(error) === '23505' && violatedConstraint(error)?.endsWith('_identity')) {
        // Whose it is stays unsaid: it may be another tenant's.
        throw new SetUpError(
          'identity_taken',
          'It is connected to Octopods already. Remove it there first, or ask whoever connected it.',
        );
      }
      throw error;
    }
  }
}

function health(found: Health): unknown[] {
  return [found.status, found.reason ?? null, found.advice ?? null, found.facts ?? {}];
}

function parse(schema: ChannelConnection['adapter']['manifest']['config'], config: unknown): Config {
  const parsed = schema.safeParse(config);
  if (parsed.success) return asConfig(parsed.data);
  const issues = parsed.error.issues.map(issue => ({
    field: ['config', ...issue.path].join('.'),
    message: issue.message,
  }));
  throw new SetUpError('invalid_config', issues[0]?.message ?? 'The configuration is not valid.', {
    issues,
    ...(issues[0] ? { field: issues[0].field } : {}),
  });
}

function asConfig(value: unknown): Config {
  return { ...(value as Config) };
}
