import pino from 'pino';
import { loadOrMakeSecrets } from '../../src/config/secrets.ts';
import { readConfig } from '../../src/config.ts';
import { newId } from '../../src/db/ids.ts';
import { startOctopods } from '../../src/main.ts';
import { answerAsRole } from '../role.ts';

/** One process of Octopods, with the vendors played by the stub. Its settings come by the names of the environment. */
const config = readConfig({ PORT: '0', ...process.env });
const octopods = await startOctopods({
  config,
  databaseUrl: config.databaseUrl ?? '',
  secrets: await loadOrMakeSecrets(config.dataDir, config),
  logger: pino({ level: process.env.BENCH_LOG ?? 'silent' }),
  sandboxUrl: process.env.BENCH_STUB_URL ?? '',
});

/** An Intercom workspace with a Telegram channel. Returns the channel's id. */
async function connect(): Promise<string> {
  const accountId = newId();
  const workspaceId = await octopods.setup.connectWorkspace({
    accountId,
    platform: 'intercom',
    sandbox: true,
    config: { accessToken: 'not-a-real-token', clientSecret: 'not-a-real-client-secret' },
  });
  return octopods.setup.connectChannel({
    accountId,
    workspaceId,
    kind: 'telegram',
    config: { token: '110201543:not-a-real-token', secretToken: 'not-a-real-secret' },
  });
}

const commands = {
  connect,
  /** Where Telegram posts, and the header it proves itself by. */
  async hook(channelId: string) {
    const channel = await octopods.connections.channel(channelId);
    return {
      url: `${octopods.url}/hooks/${channel?.hookToken}`,
      headers: { 'x-telegram-bot-api-secret-token': 'not-a-real-secret' },
    };
  },
  /** Bytes. */
  rss: () => process.memoryUsage.rss(),
  /** Microseconds of processor time so far. */
  cpu: () => process.cpuUsage(),
};
export type OctopodsCommands = typeof commands;
answerAsRole(commands, () => octopods.stop());
