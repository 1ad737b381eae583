import type { Context, HttpRequest } from '../../contract/adapter.ts';
import type { Failure } from '../../contract/failure.ts';
import { failureOf } from '../../kit/failure.ts';
import { type Dict, dict } from '../../kit/read.ts';
import { failureFrom } from './failures.ts';
import type { IntercomConfig, Region } from './manifest.ts';

/** The version this adapter is written against. Webhooks follow the Developer Hub's setting instead. */
const apiVersion = '2.14';

export const apiHosts: Readonly<Record<Region, string>> = {
  US: 'https://api.intercom.io',
  EU: 'https://api.eu.intercom.io',
  AU: 'https://api.au.intercom.io',
};

export type ApiContext = Pick<Context<Pick<IntercomConfig, 'accessToken' | 'region'>>, 'config' | 'http' | 'now'>;

export interface Call {
  method: 'GET' | 'POST' | 'PUT';
  /** Ids already encoded. */
  path: string;
  json?: unknown;
  /** Repeating the call may make a second thing. There is no idempotency key. */
  creates?: boolean;
}

export type Answer = { ok: true; body: Dict } | Refusal;

export interface Refusal {
  ok: false;
  failure: Failure;
  /** Where a merged contact lives on: its id. */
  mergedInto?: string;
}

/** Milliseconds: a reply may carry 40 MB of attachments. */
const timeout = 60_000;
/** Bytes: a conversation is answered with up to 500 parts. */
const maxBytes = 30 * 1024 * 1024;

/** A 401 that says no more than this may come of a wrong region or a passing fault; all other codes name their cause. */
const vague = new Set<string | undefined>([undefined, 'unauthorized']);

/** One call, never throwing: whatever goes wrong is in the answer. */
export async function call(context: ApiContext, request: Call): Promise<Answer> {
  const answer = await callOnce(context, request);
  if (answer.ok || answer.failure.class !== 'auth' || !vague.has(answer.failure.code)) return answer;
  return { ok: false, failure: await doubt(context, answer.failure) };
}

/** As {@link call}, but takes a 401 at its word. */
export async function callOnce(context: ApiContext, request: Call): Promise<Answer> {
  try {
    const response = await context.http.request(httpRequest(context.config, request));
    if (response.status >= 200 && response.status < 300) return { ok: true, body: dict(response.json()) ?? {} };
    const failure = failureFrom(response, context.now, request.creates === true);
    const mergedInto = response.status === 410 ? canonicalContact(response.headers.link) : undefined;
    return { ok: false, failure, ...(mergedInto === undefined ? {} : { mergedInto }) };
  } catch (error) {
    return { ok: false, failure: failureOf(error) };
  }
}

function httpRequest(config: ApiContext['config'], request: Call): HttpRequest {
  return {
    method: request.method,
    url: `${apiHosts[config.region]}${request.path}`,
    headers: {
      authorization: `Bearer ${config.accessToken}`,
      'intercom-version': apiVersion,
      accept: 'application/json',
    },
    ...(request.json === undefined ? {} : { json: request.json }),
    timeout,
    maxBytes,
    idempotent: request.creates !== true,
  };
}

/**
 * Parking a whole workspace takes more than one vague 401: only when `/me` is refused as well is the token taken for dead.
 */
async function doubt(context: ApiContext, failure: Failure): Promise<Failure> {
  const me = await callOnce(context, { method: 'GET', path: '/me' });
  if (!me.ok) return me.failure.class === 'auth' ? failure : me.failure;
  return { ...failure, class: 'temporary', message: `${failure.message} Yet the token is still valid.` };
}

/** `Link: </contacts/6762f0d01bb69f9f2193bb7d>; rel="canonical"` */
function canonicalContact(link: string | undefined): string | undefined {
  return /<[^>]*\/contacts\/([^/>]+)>\s*;\s*rel="?canonical"?/.exec(link ?? '')?.[1];
}
