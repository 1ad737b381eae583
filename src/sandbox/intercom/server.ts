import { readBody } from '../body.ts';
import type { Call, Json } from '../types.ts';
import type { Answer, Core, RawCall, VendorDouble } from '../vendor.ts';
import type { IntercomContract } from './contract.ts';
import { Downloads, downloadHosts } from './downloads.ts';
import { IntercomError, invalid, notFound, refusal, unauthorized } from './errors.ts';
import { OAuthCodes } from './oauth.ts';
import { RateLimits } from './rate-limits.ts';
import { accountRoutes } from './routes/account.ts';
import { contactRoutes } from './routes/contacts.ts';
import { conversationRoutes } from './routes/conversations.ts';
import { matchPath, type Route } from './routes/route.ts';
import type { IntercomDouble, Region, WorkspaceOptions } from './types.ts';
import { isVersion } from './version.ts';
import { Workspace } from './workspace.ts';

const routes = [...accountRoutes, ...contactRoutes, ...conversationRoutes];

const apiHosts: Record<string, Region> = {
  'api.intercom.io': 'US',
  'api.eu.intercom.io': 'EU',
  'api.au.intercom.io': 'AU',
};

/** Where teammates sign in. The one without a region leads everybody to their own. */
const appHosts: Record<string, Region | undefined> = {
  'app.intercom.com': undefined,
  'app.eu.intercom.com': 'EU',
  'app.au.intercom.com': 'AU',
};

/** What is known of a request before it has any effect. */
interface Reading {
  operation: string;
  workspace?: Workspace | undefined;
  handle(): Answer | Promise<Answer>;
}

/** `api.intercom.io` and its regional kin, the consent page, and the download host. */
export class IntercomServer implements IntercomDouble, VendorDouble {
  readonly vendor = 'intercom';
  readonly hosts = [...Object.keys(apiHosts), ...Object.keys(appHosts), ...downloadHosts];
  readonly refusal = refusal;
  readonly #core: Core;
  readonly #contract: IntercomContract | undefined;
  readonly #downloads: Downloads;
  readonly #codes = new OAuthCodes();
  readonly #limits: RateLimits;
  readonly #workspaces: Workspace[] = [];

  constructor(core: Core, contract: IntercomContract | undefined) {
    this.#core = core;
    this.#contract = contract;
    this.#downloads = new Downloads(core.now);
    this.#limits = new RateLimits(core.now);
  }

  get workspaces(): readonly Workspace[] {
    return this.#workspaces;
  }

  workspace(options: WorkspaceOptions): Workspace {
    const workspace = new Workspace(this.#core, this.#downloads, options);
    const taken = this.#workspaces.some(
      other => other.appId === workspace.appId || other.holdsToken(workspace.accessToken),
    );
    if (taken) throw new Error(`The app id ${options.appId} or its access token is in use.`);
    this.#workspaces.push(workspace);
    this.#core.changes.changed();
    return workspace;
  }

  expireDownloads(): void {
    this.#downloads.expire();
  }

  receive(raw: RawCall): { call: Call; handle(): Answer | Promise<Answer> } {
    const { body, error } = readJson(raw);
    const { operation, workspace, handle } = this.#read(raw, body);
    const { authorization: _, ...headers } = raw.headers;
    return {
      call: {
        vendor: this.vendor,
        ...(workspace ? { account: workspace.appId } : {}),
        operation,
        method: raw.method,
        path: raw.path,
        query: raw.query,
        headers,
        body,
        files: {},
      },
      handle: async () => {
        const answer = await answering(() => {
          if (error) throw invalid(error);
          return handle();
        });
        return workspace
          ? { ...answer, headers: { ...this.#limits.count(workspace.appId), ...answer.headers } }
          : answer;
      },
    };
  }

  #read(raw: RawCall, body: unknown): Reading {
    if (downloadHosts.includes(raw.host)) return { operation: 'download', handle: () => this.#downloads.open(raw) };
    if (raw.host in appHosts) return this.#readSignIn(raw);
    const region = apiHosts[raw.host] ?? 'US';
    if (raw.method === 'POST' && raw.path === '/auth/eagle/token') {
      const exchange = () => ({ status: 200, body: this.#codes.exchange(region, (body ?? {}) as Json) });
      return { operation: 'exchangeCode', handle: exchange };
    }
    return this.#readApiCall(raw, region, (body ?? {}) as Json);
  }

  #readSignIn(raw: RawCall): Reading {
    if (raw.path !== '/oauth') return { operation: raw.path, handle: () => ({ status: 404, body: 'Not found' }) };
    const region = appHosts[raw.host];
    const workspaces = this.#workspaces.filter(workspace => region === undefined || workspace.region === region);
    return { operation: 'authorize', handle: () => this.#codes.authorize(workspaces, raw.query) };
  }

  #readApiCall(raw: RawCall, region: Region, body: Json): Reading {
    const token = /^Bearer (.+)$/.exec(raw.headers.authorization ?? '')?.[1] ?? '';
    const workspace = this.#workspaces.find(known => known.region === region && known.holdsToken(token));
    const found = findRoute(raw);
    return {
      operation: found?.route.operation ?? `${raw.method} ${raw.path}`,
      workspace,
      handle: async () => {
        if (!workspace) throw this.#refuseToken(token);
        const version = raw.headers['intercom-version'] ?? workspace.version;
        if (!isVersion(version)) {
          throw new IntercomError(400, 'intercom_version_invalid', `The requested version ${version} does not exist`);
        }
        if (!found) throw this.#unknownPath(raw);
        this.#check(found.route, body);
        const { route, params } = found;
        return { status: 200, body: await route.handle({ workspace, params, query: raw.query, body, version }) };
      },
    };
  }

  #refuseToken(token: string): IntercomError {
    const revoked = this.#workspaces.some(workspace => workspace.revokedTokens.has(token));
    return revoked ? new IntercomError(401, 'token_revoked', 'Access token is revoked') : unauthorized();
  }

  #unknownPath({ method, path }: RawCall): IntercomError {
    const message = `the double knows no ${method} ${path}`;
    this.#core.violate({ vendor: this.vendor, operation: `${method} ${path}`, message });
    return notFound();
  }

  #check({ operation, method, path }: Route, body: Json): void {
    const problems = this.#contract?.request(method, path, body) ?? [];
    for (const message of problems) this.#core.violate({ vendor: this.vendor, operation, message });
    if (problems[0] !== undefined) throw invalid(problems[0]);
  }
}

function findRoute(raw: RawCall): { route: Route; params: Record<string, string> } | undefined {
  for (const route of routes) {
    const params = route.method === raw.method ? matchPath(route.path, raw.path) : undefined;
    if (params) return { route, params };
  }
  return undefined;
}

async function answering(work: () => Answer | Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof IntercomError) return error.answer;
    throw error;
  }
}

function readJson(raw: RawCall): { body: unknown; error?: string } {
  try {
    const { value } = readBody(raw.headers['content-type'], raw.bytes);
    if (value !== undefined && (value === null || typeof value !== 'object' || Array.isArray(value))) {
      return { body: value, error: 'The body must be a JSON object' };
    }
    return { body: value };
  } catch (error) {
    return { body: undefined, error: error instanceof Error ? error.message : String(error) };
  }
}
