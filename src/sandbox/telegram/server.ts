import { readBody } from '../body.ts';
import type { Call, UploadedFile } from '../types.ts';
import type { Answer, Core, RawCall, VendorDouble } from '../vendor.ts';
import { Bot } from './bot.ts';
import type { TelegramContract } from './contract.ts';
import { badRequest, refusal, TelegramBreach, TelegramError } from './errors.ts';
import { accountMethods } from './methods/account.ts';
import { actMethods } from './methods/act.ts';
import type { Method } from './methods/method.ts';
import { sendMethods } from './methods/send.ts';
import { Params } from './params.ts';
import type { TelegramDouble } from './types.ts';

/** The Bot API names its methods without regard to case. */
const methods = new Map<string, { name: string; method: Method }>(
  Object.entries({ ...accountMethods, ...sendMethods, ...actMethods }).map(([name, method]) => [
    name.toLowerCase(),
    { name, method },
  ]),
);

/** `api.telegram.org`. */
export class TelegramServer implements TelegramDouble, VendorDouble {
  readonly vendor = 'telegram';
  readonly hosts = ['api.telegram.org'];
  readonly refusal = refusal;
  readonly #core: Core;
  readonly #contract: TelegramContract | undefined;
  readonly #bots: Bot[] = [];

  constructor(core: Core, contract: TelegramContract | undefined) {
    this.#core = core;
    this.#contract = contract;
  }

  get bots(): readonly Bot[] {
    return this.#bots;
  }

  bot(options: { id?: number; token?: string; username?: string; name?: string } = {}): Bot {
    const free = Math.max(7_000_000, ...this.#bots.map(bot => bot.id)) + 1;
    const id = options.id ?? Number(options.token?.split(':')[0] ?? free);
    const token = options.token ?? `${id}:sandbox-token-of-bot-${id}`;
    if (!/^\d+:[\w-]+$/.test(token)) throw new Error('A bot token is "<digits>:<letters, digits, - and _>".');
    if (this.#bots.some(bot => bot.id === id || bot.token === token)) throw new Error(`Bot ${id} exists already.`);
    const bot = new Bot(this.#core, {
      id,
      token,
      username: options.username ?? `sandbox_${id}_bot`,
      name: options.name ?? 'Sandbox bot',
    });
    this.#bots.push(bot);
    this.#core.changes.changed();
    return bot;
  }

  receive(raw: RawCall): { call: Call; handle(): Answer | Promise<Answer> } {
    const [, isFile, escaped = '', rest = ''] = /^\/(file\/)?bot([^/]+)\/(.+)$/.exec(raw.path) ?? [];
    const token = escaped.replace(/%3a/i, ':');
    const bot = this.#bots.find(known => known.token === token);
    const known = methods.get(rest.toLowerCase());
    const operation = isFile === undefined ? (known?.name ?? rest) : 'file';
    const base = {
      vendor: this.vendor,
      ...(bot ? { account: String(bot.id) } : {}),
      operation,
      method: raw.method,
      path: isFile === undefined ? `/${rest}` : `/file/${rest}`,
      query: raw.query,
      headers: raw.headers,
    } as const;
    const { value, files, error } = readParameters(raw);
    const call: Call = { ...base, body: value, files };
    return {
      call,
      handle: () =>
        answering(() => {
          if (token === '' || !/^\d+:/.test(token)) throw new TelegramError(404, 'Not Found');
          if (!bot) throw new TelegramError(401, 'Unauthorized');
          if (isFile !== undefined) return download(bot, rest);
          if (!known) throw this.#unknownMethod(rest);
          if (error) throw badRequest(error);
          return this.#perform(bot, known, value, files);
        }),
    };
  }

  #unknownMethod(method: string): TelegramError {
    this.#core.violate({ vendor: this.vendor, operation: method, message: `the double knows no method ${method}` });
    return new TelegramError(404, 'Not Found: method not found');
  }

  async #perform(
    bot: Bot,
    { name, method }: { name: string; method: Method },
    values: Record<string, unknown>,
    files: Record<string, UploadedFile>,
  ): Promise<Answer> {
    const violate = (message: string) => this.#core.violate({ vendor: this.vendor, operation: name, message });
    const problems = this.#contract?.parameters(name, values, files) ?? [];
    for (const problem of problems) violate(problem);
    if (problems[0] !== undefined) throw badRequest(problems[0]);
    try {
      const result = await method(bot, new Params(values, files));
      return { status: 200, body: { ok: true, result } };
    } catch (error) {
      if (error instanceof TelegramBreach) violate(error.message);
      throw error;
    }
  }
}

async function answering(work: () => Answer | Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TelegramError) return error.answer;
    throw error;
  }
}

/** Parameters come in the query, as a form, or as JSON. */
function readParameters(raw: RawCall): {
  value: Record<string, unknown>;
  files: Record<string, UploadedFile>;
  error?: string;
} {
  try {
    const { value, files } = readBody(raw.headers['content-type'], raw.bytes);
    if (value !== undefined && (value === null || typeof value !== 'object' || Array.isArray(value))) {
      return { value: {}, files, error: 'object expected as parameters' };
    }
    return { value: { ...raw.query, ...value }, files };
  } catch (error) {
    return { value: {}, files: {}, error: error instanceof Error ? error.message : String(error) };
  }
}

function download(bot: Bot, path: string): Answer {
  const file = bot.files.at(path);
  if (!file) throw new TelegramError(404, 'Not Found');
  return { status: 200, headers: { 'content-type': 'application/octet-stream' }, body: file.bytes };
}
