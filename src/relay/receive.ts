import type { AppWebhook, RawReply, RawRequest } from '../contract/adapter.ts';
import type { Event } from '../contract/event.ts';
import { rawRequest } from '../kit/request.ts';
import { sha256 } from '../kit/signatures.ts';
import type { AnyConnection } from './connections.ts';
import { baseUrl } from './context.ts';
import type { GroupCommit } from './group-commit.ts';
import type { Path } from './path.ts';
import type { Intake } from './store/commit.ts';

/** A request as the server got it: `path` with its query, the raw body. */
export interface Incoming {
  method: string;
  path: string;
  headers: Record<string, string | string[] | undefined>;
  body: Uint8Array;
}

/** What the provider is answered. Only `accepted` promises anything: everything in it is committed. */
export type Receipt =
  | { outcome: 'accepted'; reply?: RawReply }
  | { outcome: 'unknown_address' }
  | { outcome: 'bad_signature'; reason: string };

/** Headers that prove who called are checked and then forgotten; the journal keeps the rest. */
const proofs = /authorization|cookie|token|secret|signature|api-?key/i;

/**
 * The way in: find whose webhook it is → verify on the raw bytes → normalise → store. Returns only after the commit.
 * @throws when the database cannot be reached; the provider then tries again.
 */
export async function receive(
  path: Path,
  commit: GroupCommit,
  address: { token: string } | { app: AppWebhook<unknown>; config: unknown },
  incoming: Incoming,
): Promise<Receipt> {
  const began = performance.now();
  const targets = 'token' in address ? await byToken(path, address.token) : await byApp(path, address, incoming);
  if ('outcome' in targets) return targets;

  let reply: RawReply | undefined =
    'app' in address ? address.app.handshake?.(read(path, { sandbox: false }, incoming), address.config) : undefined;
  for (const target of targets) {
    const request = read(path, target, incoming);
    if ('token' in address) {
      const verdict = target.adapter.verify(request, target.config);
      if (!verdict.ok) {
        path.metrics.webhook(kindOf(target), 'rejected');
        path.logger.warn({ source: target.identity, reason: verdict.reason }, 'a webhook was refused');
        return { outcome: 'bad_signature', reason: verdict.reason };
      }
    }
    reply ??= target.adapter.handshake?.(request, target.config);
    path.metrics.webhook(kindOf(target), await commit.submit(intake(target, request)));
    path.metrics.acknowledged(kindOf(target), (performance.now() - began) / 1000);
  }
  return { outcome: 'accepted', ...(reply ? { reply } : {}) };
}

async function byToken(path: Path, token: string): Promise<AnyConnection[] | Receipt> {
  const target = await path.connections.byToken(token);
  return target ? [target] : { outcome: 'unknown_address' };
}

/** One address for all accounts of an app: the body says whose it is, once the app's signature has been verified. */
async function byApp(
  path: Path,
  { app, config }: { app: AppWebhook<unknown>; config: unknown },
  incoming: Incoming,
): Promise<AnyConnection[] | Receipt> {
  const request = read(path, { sandbox: false }, incoming);
  const verdict = app.verify(request, config);
  if (!verdict.ok) return { outcome: 'bad_signature', reason: verdict.reason };
  const found = await Promise.all(app.identities(request).map(identity => path.connections.byIdentity(identity)));
  return found.filter(target => target !== undefined);
}

/** Vendors sign the address that they were given, whatever a proxy made of it on the way. */
function read(path: Path, target: Pick<AnyConnection, 'sandbox'>, incoming: Incoming): RawRequest {
  return rawRequest({ ...incoming, url: baseUrl(target, path.surroundings) + incoming.path });
}

function intake(source: AnyConnection, request: RawRequest): Intake {
  return {
    source,
    receivedAt: new Date(),
    method: request.method,
    url: new URL(request.url).pathname.replace(source.hookToken, '***'),
    headers: Object.fromEntries(Object.entries(request.headers).filter(([name]) => !proofs.test(name))),
    body: request.body,
    events: normalised(source, request),
  };
}

/**
 * An adapter that throws has a fault of ours, and the provider sending it again would not help: the raw body goes into the
 * journal, from where it can be replayed once the fault is mended.
 */
function normalised(source: AnyConnection, request: RawRequest): Event[] {
  try {
    return source.adapter.normalise(request, source.config);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [{ type: 'unknown', key: `unreadable:${sha256(request.body)}`, kind: `unreadable: ${reason}` }];
  }
}

function kindOf(source: AnyConnection): string {
  return source.side === 'channel' ? source.kind : source.platform;
}
