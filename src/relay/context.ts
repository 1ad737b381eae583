import { randomBytes } from 'node:crypto';
import type { Context, SetUpContext } from '../contract/adapter.ts';
import { createHttp, type Exchange } from '../kit/http.ts';
import type { AnyConnection } from './connections.ts';
import type { MediaStore } from './media.ts';

/** What contexts are made from, the same for all adapters. */
export interface Surroundings {
  media: MediaStore;
  /** Where the world reaches us; undefined while no public address is configured. */
  publicUrl: string | undefined;
  /** Where this machine reaches us; known once the server listens. */
  localUrl: string;
  /** Where the sandbox listens, for workspaces that live in it. */
  sandboxUrl: string | undefined;
}

type Subject = Pick<AnyConnection, 'workspaceId' | 'sandbox' | 'config' | 'secrets'>;

/** The context of one adapter call. `exchanges` fills with every call to the vendor made through it. */
export function contextFor(
  subject: Subject,
  surroundings: Surroundings,
): { context: Context<unknown>; exchanges: Exchange[] } {
  const exchanges: Exchange[] = [];
  const http = createHttp({
    secrets: subject.secrets,
    onExchange: exchange => exchanges.push(exchange),
    ...(subject.sandbox ? { reroute: sandboxOf(surroundings) } : {}),
  });
  const media = surroundings.media.of(subject.workspaceId, baseUrl(subject, surroundings));
  return { context: { config: subject.config, http, media, now: new Date() }, exchanges };
}

/** Our address as the vendors of this subject see it: the sandbox stands beside us, all others outside. */
export function baseUrl(
  subject: Pick<AnyConnection, 'sandbox'>,
  surroundings: Pick<Surroundings, 'publicUrl' | 'localUrl'>,
): string {
  return subject.sandbox ? surroundings.localUrl : (surroundings.publicUrl ?? surroundings.localUrl);
}

/** The context for connecting, checking and disconnecting. */
export function setUpContextFor(
  subject: Subject & { hookToken: string },
  surroundings: Surroundings,
): SetUpContext<unknown> {
  return {
    ...contextFor(subject, surroundings).context,
    webhookUrl: webhookUrl(subject, surroundings),
    randomToken,
  };
}

/** The address a provider posts to; empty while the installation has no address that the provider could reach. */
export function webhookUrl(
  subject: Pick<AnyConnection, 'sandbox' | 'hookToken'>,
  surroundings: Pick<Surroundings, 'publicUrl' | 'localUrl'>,
): string {
  if (!subject.sandbox && surroundings.publicUrl === undefined) return '';
  return `${baseUrl(subject, surroundings)}/hooks/${subject.hookToken}`;
}

/** 32 letters and digits, 160 bits of chance or more. */
export function randomToken(): string {
  return randomBytes(32).toString('base64url').replace(/[-_]/g, '').slice(0, 32).padEnd(32, '0');
}

function sandboxOf(surroundings: Surroundings): string {
  if (surroundings.sandboxUrl === undefined) {
    throw new Error('This workspace lives in the sandbox, and the sandbox is not running in this process.');
  }
  return surroundings.sandboxUrl;
}
