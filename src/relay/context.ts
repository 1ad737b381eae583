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
  const context = { config: subject.config, http, media: surroundings.media.of(subject.workspaceId), now: new Date() };
  return { context, exchanges };
}

/** The context for connecting, checking and disconnecting. */
export function setUpContextFor(
  subject: Subject & { hookToken: string },
  surroundings: Surroundings,
): SetUpContext<unknown> {
  return {
    ...contextFor(subject, surroundings).context,
    webhookUrl: webhookUrl(surroundings, subject.hookToken),
    randomToken,
  };
}

/** The address a provider posts to; empty while the installation has no public address. */
export function webhookUrl(surroundings: Pick<Surroundings, 'publicUrl'>, hookToken: string): string {
  return surroundings.publicUrl === undefined ? '' : `${surroundings.publicUrl}/hooks/${hookToken}`;
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
