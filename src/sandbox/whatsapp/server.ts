import { createHmac, randomBytes } from 'node:crypto';
import { readBody } from '../body.ts';
import type { Call, Json, UploadedFile } from '../types.ts';
import type { Answer, Core, RawCall, VendorDouble } from '../vendor.ts';
import type { Account } from './account.ts';
import { App } from './app.ts';
import type { WhatsAppContract } from './contract.ts';
import { Directory } from './directory.ts';
import { badToken, GraphBreach, GraphError, invalid, noSuchObject, noToken, refusal, revokedToken } from './errors.ts';
import { downloadHost, type StoredMedia } from './media.ts';
import type { BusinessNumber } from './number.ts';
import { accountRoutes } from './routes/account.ts';
import { mediaRoutes } from './routes/media.ts';
import { numberRoutes } from './routes/number.ts';
import type { GraphCall, Route } from './routes/route.ts';
import { debugToken } from './token.ts';
import type { WhatsAppDouble } from './types.ts';

/** What a path speaks of, and what is to be done with it. */
interface Found {
  operation: string;
  account?: Account;
  /** Absent for what concerns the token alone. */
  checked?: boolean;
  handle(call: GraphCall): Json | Promise<Json>;
}

/** `graph.facebook.com`, and the host that media lie on. */
export class WhatsAppServer implements WhatsAppDouble, VendorDouble {
  readonly vendor = 'whatsapp';
  readonly hosts = ['graph.facebook.com', downloadHost];
  readonly refusal = refusal;
  readonly #core: Core;
  readonly #contract: WhatsAppContract | undefined;
  readonly #directory: Directory;
  readonly #apps: App[] = [];

  constructor(core: Core, contract: WhatsAppContract | undefined) {
    this.#core = core;
    this.#contract = contract;
    this.#directory = new Directory(core.now);
  }

  get apps(): readonly App[] {
    return this.#apps;
  }

  app(options: { appId?: string; appSecret?: string; name?: string } = {}): App {
    const app = new App(this.#core, this.#directory, options);
    this.#apps.push(app);
    this.#core.changes.changed();
    return app;
  }

  expireDownloads(): void {
    this.#directory.media.expireAddresses();
  }

  receive(raw: RawCall): { call: Call; handle(): Answer | Promise<Answer> } {
    const [, version, path = raw.path] = /^\/(v\d+\.\d+)(\/.*)$/.exec(raw.path) ?? [];
    const { value, files, error } = readGraphBody(raw);
    const { authorization: _, ...headers } = raw.headers;
    const download = raw.host === downloadHost;
    const found = download ? undefined : this.#find(raw.method, path);
    const operation = download ? 'downloadMedia' : (found?.operation ?? `${raw.method} ${path}`);
    return {
      call: {
        vendor: this.vendor,
        ...(found?.account ? { account: found.account.wabaId } : {}),
        operation,
        method: raw.method,
        path: download ? raw.path : path,
        query: raw.query,
        headers,
        body: value,
        files,
      },
      handle: async () => {
        if (download) return this.#directory.media.open(raw, file => this.#reaches(raw, file));
        const answer = await this.#answering(operation, async () => {
          const accounts = this.#accountsOf(raw);
          if (version === undefined) throw new GraphBreach(400, 2500, 'Unknown path components: no version');
          if (!found) throw this.#unknown(raw.method, path);
          if (found.account && !accounts.includes(found.account))
            throw noSuchObject(raw.method, path.split('/')[1] ?? '');
          if (error) throw invalid(error);
          if (found.checked) await this.#check(operation, value);
          return found.handle({ query: raw.query, body: value, files, accounts });
        });
        const trace = {
          'facebook-api-version': version ?? 'v23.0',
          'x-fb-trace-id': randomBytes(8).toString('base64url'),
        };
        return { ...answer, headers: { ...trace, ...answer.headers } };
      },
    };
  }

  async #answering(operation: string, work: () => Promise<Json>): Promise<Answer> {
    try {
      return { status: 200, body: await work() };
    } catch (error) {
      if (!(error instanceof GraphError)) throw error;
      if (error instanceof GraphBreach) {
        const message = error.detail.details ?? error.message;
        this.#core.violate({ vendor: this.vendor, operation, message });
      }
      return error.answer;
    }
  }

  #find(method: string, path: string): Found | undefined {
    const [, id = '', edge] = path.split('/');
    if (id === 'debug_token' && method === 'GET') {
      return { operation: 'debugToken', handle: ({ query }) => debugToken(this.#apps, this.#directory, query) };
    }
    const accounts = this.#accounts;
    const account = accounts.find(({ wabaId }) => wabaId === id);
    if (account) return bind(accountRoutes, account, account, method, edge);
    const number = this.#number(id);
    if (number) return bind(numberRoutes, number, number.account, method, edge);
    const store = this.#directory.media;
    const file = store.find(id);
    const owner = file && this.#number(file.phoneNumberId);
    return file && owner && bind(mediaRoutes, { file, store }, owner.account, method, edge);
  }

  get #accounts(): Account[] {
    return this.#apps.flatMap(app => app.accounts);
  }

  #number(phoneNumberId: string): BusinessNumber | undefined {
    return this.#accounts.flatMap(account => account.numbers).find(number => number.phoneNumberId === phoneNumberId);
  }

  /** @throws GraphError where the token is none, or its proof is wrong. */
  #accountsOf(raw: RawCall): Account[] {
    const token = tokenOf(raw);
    if (token === undefined) throw noToken();
    if (this.#directory.revokedTokens.has(token)) throw revokedToken();
    const accounts = this.#accounts.filter(account => account.token === token).reverse();
    const [first] = accounts;
    if (!first) throw badToken();
    const { appsecret_proof: proof } = raw.query;
    if (proof !== undefined && proof !== createHmac('sha256', first.app.appSecret).update(token).digest('hex')) {
      throw new GraphError(400, 100, 'Invalid appsecret_proof provided in the API argument', {
        type: 'GraphMethodException',
      });
    }
    return accounts;
  }

  #reaches(raw: RawCall, file: StoredMedia): boolean {
    const token = tokenOf(raw);
    const owner = this.#number(file.phoneNumberId)?.account;
    return owner !== undefined && owner.token === token && !this.#directory.revokedTokens.has(owner.token);
  }

  /** An object that is not there is no fault of the caller's; a thing to do with it that does not exist is. */
  #unknown(method: string, path: string): GraphError {
    const [, id = '', edge] = path.split('/');
    if (edge === undefined && /^\d+$/.test(id)) return noSuchObject(method, id);
    return new GraphBreach(400, 2500, `Unknown path components: ${path}. The double knows no ${method} ${path}`);
  }

  async #check(operation: string, body: Json): Promise<void> {
    const problems = (await this.#contract?.request(operation, body)) ?? [];
    for (const message of problems.slice(1)) this.#core.violate({ vendor: this.vendor, operation, message });
    if (problems[0] !== undefined) throw invalid(problems[0]);
  }
}

function bind<T>(
  routes: readonly Route<T>[],
  target: T,
  account: Account,
  method: string,
  edge: string | undefined,
): Found | undefined {
  const route = routes.find(candidate => candidate.method === method && candidate.edge === edge);
  if (!route) return undefined;
  const { operation, checked = false } = route;
  return { operation, account, checked, handle: call => route.handle(target, call) };
}

function tokenOf({ headers }: RawCall): string | undefined {
  return /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
}

/** Parameters come as JSON or as a form. */
function readGraphBody(raw: RawCall): { value: Json; files: Record<string, UploadedFile>; error?: string } {
  try {
    const { value = {}, files } = readBody(raw.headers['content-type'], raw.bytes);
    if (value === null || typeof value !== 'object' || Array.isArray(value)) {
      return { value: {}, files, error: 'The body must be a JSON object' };
    }
    return { value: value as Json, files };
  } catch (error) {
    return { value: {}, files: {}, error: error instanceof Error ? error.message : String(error) };
  }
}
