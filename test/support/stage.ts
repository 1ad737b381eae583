import type { Logger } from 'pino';
import { newId } from '../../src/db/ids.ts';
import type { Octopods } from '../../src/main.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import type { IntercomWorkspace, Sandbox, TelegramBot } from '../../src/sandbox/types.ts';
import { type TestDatabase, testDatabase } from './database.ts';
import { lanesAreQuiet, startForTest } from './octopods.ts';
import { contractsDir } from './shared.ts';

export interface MessageRow {
  id: string;
  direction: string;
  status: string;
  remote_id: string;
  failure: { class: string; message: string } | null;
}

/** An Intercom workspace with a Telegram channel, both played by the sandbox, on a server of their own. */
export interface TestStage {
  database: TestDatabase;
  sandbox: Sandbox;
  octopods: Octopods & { dataDir: string };
  inbox: IntercomWorkspace;
  bot: TelegramBot;
  accountId: string;
  workspaceId: string;
  channelId: string;
  /** Where Telegram and Intercom post. */
  hooks: { channel: string; workspace: string };
  /** Everything is delivered, ended, parked, or waits for a time that a vendor named. */
  quiet(): Promise<void>;
  messages(): Promise<MessageRow[]>;
  /** Another process of the same installation. */
  another(env?: Record<string, string>): Promise<Octopods>;
  stop(): Promise<void>;
}

export async function setStage(options: { logger?: Logger; env?: Record<string, string> } = {}): Promise<TestStage> {
  const database = await testDatabase();
  const contracts = contractsDir();
  const sandbox = await startSandbox({
    redelivery: { telegram: { delay: 20, tries: 500 }, intercom: { delay: 20 } },
    ...(contracts === undefined ? {} : { contractsDir: contracts }),
  });
  const start = { databaseUrl: database.url, sandboxUrl: sandbox.url, ...options };
  const octopods = await startForTest(start);
  const inbox = sandbox.intercom.workspace({
    appId: 'acme0001',
    appName: 'Acme',
    clientSecret: 'not-a-real-client-secret',
    admin: { id: '9001', name: 'Octopods', email: 'octopods@acme.example' },
  });
  const accountId = newId();
  const workspaceId = await octopods.setup.connectWorkspace({
    accountId,
    platform: 'intercom',
    sandbox: true,
    config: { accessToken: inbox.accessToken, clientSecret: inbox.clientSecret },
  });
  const bot = sandbox.telegram.bot({ username: 'acme_bot' });
  const channelId = await octopods.setup.connectChannel({
    accountId,
    workspaceId,
    kind: 'telegram',
    config: { token: bot.token },
  });
  const workspace = await octopods.connections.workspace(workspaceId);
  const channel = await octopods.connections.channel(channelId);
  const hooks = {
    channel: `${octopods.url}/hooks/${channel?.hookToken}`,
    workspace: `${octopods.url}/hooks/${workspace?.hookToken}`,
  };
  inbox.webhookUrl = hooks.workspace;
  return {
    database,
    sandbox,
    octopods,
    inbox,
    bot,
    accountId,
    workspaceId,
    channelId,
    hooks,
    async quiet() {
      await sandbox.settled();
      await lanesAreQuiet(database.pool);
      await sandbox.settled();
      await lanesAreQuiet(database.pool);
    },
    async messages() {
      const { rows } = await database.pool.query<MessageRow>(
        'select id, direction, status, remote_id, failure from messages order by created_at, id',
      );
      return rows;
    },
    another: env => startForTest({ ...start, dataDir: octopods.dataDir, env: { ...options.env, ...env } }),
    async stop() {
      await octopods.stop();
      await sandbox.close();
      await database.drop();
    },
  };
}

/** What the bot sent into a chat, oldest first. */
export function fromBot(bot: TelegramBot, chatId: number): string[] {
  return bot
    .chat(chatId)
    .messages.filter(message => message.from === 'bot')
    .map(message => message.text);
}
