import type { PlatformAdapter } from '../contract/platform.ts';
import { intercom } from './intercom/index.ts';

/** Every platform this installation offers, one line each. */
const adapters: readonly PlatformAdapter<unknown>[] = [intercom];

export const platforms: ReadonlyMap<string, PlatformAdapter<unknown>> = new Map(
  adapters.map(adapter => [adapter.manifest.id, adapter]),
);
