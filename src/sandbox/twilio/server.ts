import { randomBytes } from 'node:crypto';
import type { Call } from '../types.ts';
import type { Answer, Core, RawCall, VendorDouble } from '../vendor.ts';
import { Account } from './account.ts';
import type { TwilioContract } from './contract.ts';
import { notFound, refusal, TwilioBreach, TwilioError, unauthorised } from './errors.ts';
import { readForm } from './form.ts';
import { MediaStore, mediaHost } from './media.ts';
import { accountRoutes } from './routes/accounts.ts';
import { lineRoutes } from './routes/lines.ts';
import { mediaRoutes } from './routes/media.ts';
import { messageRoutes } from './routes/messages.ts';
import { matchPath, type Route } from './routes/route.ts';
import { serviceRoutes } from './routes/services.ts';
import { newSid } from './sid.ts';
import type { Form, Signer } from './signature.ts';
import type { TwilioAccountOptions, TwilioDouble } from './types.ts';

const routes = [...accountRoutes, ...lineRoutes, ...messageRoutes, ...mediaRoutes, ...serviceRoutes];

/** `api.twilio.com`, `messaging.twilio.com`, and the media host. */
export class TwilioServer implements TwilioDouble, VendorDouble {
  readonly vendor = 'twilio';
  readonly hosts = ['api.twilio.com', 'messaging.twilio.com', mediaHost];
  readonly refusal = refusal;
  readonly #core: Core;
  readonly #contract: TwilioContract | undefined;
  readonly #signer: Signer;
  readonly #store: MediaStore;
  readonly #accounts: Account[] = [];

  constructor(core: Core, contract: TwilioContract | undefined, signer: Signer) {
    this.#core = core;
    this.#contract = contract;
    this.#signer = signer;
    this.#store = new MediaStore(core.now);
  }

  get accounts(): readonly Account[] {
    return this.#accounts;
  }

  account(options: TwilioAccountOptions = {}): Account {
    const { sid = newSid('AC'), authToken = randomBytes(16).toString('hex'), name = 'Sandbox account' } = options;
    if (!/^AC[0-9a-f]{32}$/i.test(sid)) throw new Error('An account SID is AC and 32 hexadecimal digits.');
    if (this.#accounts.some(known => known.sid === sid)) throw new Error(`Account ${sid} exists already.`);
    const world = { core: this.#core, store: this.#store, signer: this.#signer };
    const account = new Account(world, { sid, authToken, name });
    this.#accounts.push(account);
    this.#core.changes.changed();
    return account;
  }

  expireMedia(): void {
    this.#store.expire();
  }

  receive(raw: RawCall): { call: Call; handle(): Answer | Promise<Answer> } {
    const { authorization = '', ...headers } = raw.headers;
    const signedIn = this.#signIn(authorization);
    const { form, error } = formOf(raw);
    const found = findRoute(raw);
    const operation = raw.host === mediaHost ? 'download' : (found?.route.operation ?? `${raw.method} ${raw.path}`);
    const { method, path, query } = raw;
    return {
      call: {
        vendor: this.vendor,
        ...(signedIn ? { account: signedIn.account.sid } : {}),
        operation,
        method,
        path,
        query,
        headers,
        body: form,
        files: {},
      },
      handle: () =>
        this.#answering(operation, async () => {
          if (raw.host === mediaHost) return this.#download(raw, authorization);
          if (!signedIn) throw unauthorised();
          if (!found) throw this.#unknownPath(raw);
          const { route, params } = found;
          const { account, signedInWith } = signedIn;
          if ((params.AccountSid ?? account.sid) !== account.sid) throw unauthorised();
          if (account.status !== 'active' && route.operation !== 'FetchAccount') {
            throw new TwilioError(401, 20005, `Account ${account.sid} is not active`);
          }
          if (error) throw error;
          this.#check(route, query, form);
          return route.handle({ account, signedInWith, params, query, form, path });
        }),
    };
  }

  async #answering(operation: string, work: () => Promise<Answer>): Promise<Answer> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof TwilioBreach) {
        this.#core.violate({ vendor: this.vendor, operation, message: `${error.code} ${error.message}` });
      }
      if (error instanceof TwilioError) return error.answer;
      throw error;
    }
  }

  #signIn(authorization: string): { account: Account; signedInWith: 'token' | 'key' } | undefined {
    const basic = Buffer.from(/^Basic (.+)$/i.exec(authorization)?.[1] ?? '', 'base64').toString();
    const colon = basic.indexOf(':');
    for (const account of this.#accounts) {
      const signedInWith = account.credentials(basic.slice(0, colon), basic.slice(colon + 1));
      if (signedInWith) return { account, signedInWith };
    }
    return undefined;
  }

  /** The credentials are for the API alone: brought along here, they would be in a stranger's log. */
  #download(raw: RawCall, authorization: string): Answer {
    if (authorization !== '') throw new TwilioBreach(20001, `${mediaHost} was sent an Authorization header`);
    return this.#store.open(raw);
  }

  #unknownPath({ method, host, path }: RawCall): TwilioError {
    const message = `the double knows no ${method} ${host}${path}`;
    this.#core.violate({ vendor: this.vendor, operation: `${method} ${path}`, message });
    return notFound(path);
  }

  #check({ operation, host }: Route, query: Record<string, string>, form: Form): void {
    const problems = this.#contract?.request(`${host} ${operation}`, query, form) ?? [];
    for (const message of problems.slice(1)) this.#core.violate({ vendor: this.vendor, operation, message });
    if (problems[0] !== undefined) throw new TwilioBreach(20001, problems[0]);
  }
}

function findRoute(raw: RawCall): { route: Route; params: Record<string, string> } | undefined {
  for (const route of routes) {
    if (route.host !== raw.host || route.method !== raw.method) continue;
    const params = matchPath(route.path, raw.path);
    if (params) return { route, params };
  }
  return undefined;
}

function formOf(raw: RawCall): { form: Form; error?: TwilioBreach } {
  try {
    return { form: readForm(raw) };
  } catch (error) {
    if (error instanceof TwilioBreach) return { form: {}, error };
    throw error;
  }
}
