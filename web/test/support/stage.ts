import type { Page } from 'playwright-core';
import type { IntercomWorkspace, TelegramBot } from '../../../src/sandbox/types.ts';
import { type Browser, openBrowser } from './browser.ts';
import { type ConsoleServer, startConsole } from './server.ts';

export const owner = { name: 'Ada Example', email: 'ada@acme.example', password: 'correct horse battery' };

/** The owner's browser, signed in, over a workspace and a channel that are connected. */
export interface Stage {
  server: ConsoleServer;
  browser: Browser;
  page: Page;
  inbox: IntercomWorkspace;
  bot: TelegramBot;
  workspaceId: string;
  channelId: string;
  /** Calls the API as whoever is signed in in this browser. */
  call(method: string, path: string, body?: unknown): Promise<unknown>;
  /** Connects a further bot. Returns the channel's id. */
  connectBot(bot: TelegramBot, friendlyName?: string): Promise<string>;
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const server = await startConsole();
  const browser = await openBrowser(server.url);
  const page = await browser.context.newPage();
  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const answer = await browser.context.request.fetch(path, { method, ...(body === undefined ? {} : { data: body }) });
    if (!answer.ok()) throw new Error(`${method} ${path} answered ${answer.status()}: ${await answer.text()}`);
    return answer.json();
  };
  await call('POST', '/api/v1/setup', { ...owner, accountName: 'Acme' });

  const inbox = server.sandbox.intercom.workspace({
    appId: 'acmedemo',
    appName: 'Acme Support',
    clientSecret: 'made-up-client-secret',
    admin: { id: '9000001', name: 'Ada Example', email: owner.email },
  });
  const config = { accessToken: inbox.accessToken, clientSecret: inbox.clientSecret };
  const workspace = await call('POST', '/api/v1/workspaces', { platform: 'intercom', sandbox: true, config });
  const { id: workspaceId, webhookUrl } = fields(workspace);
  inbox.webhookUrl = webhookUrl;

  const connectBot = async (bot: TelegramBot, friendlyName?: string) => {
    const body = { workspaceId, kind: 'telegram', config: { token: bot.token }, friendlyName };
    return fields(await call('POST', '/api/v1/channels', body)).id;
  };
  const bot = server.sandbox.telegram.bot({ username: 'acme_shop_bot', name: 'Acme Shop' });
  const channelId = await connectBot(bot, 'Shop, worldwide');
  return {
    server,
    browser,
    page,
    inbox,
    bot,
    workspaceId,
    channelId,
    call,
    connectBot,
    async close() {
      await browser.close();
      await server.stop();
    },
  };
}

function fields(answer: unknown): { id: string; webhookUrl: string } {
  const { id, webhookUrl } = answer as Record<string, unknown>;
  return { id: String(id), webhookUrl: String(webhookUrl) };
}
