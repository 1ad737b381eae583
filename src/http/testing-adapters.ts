import { z } from 'zod';
import type { Health, SetUpResult } from '../contract/adapter.ts';
import type { Capabilities } from '../contract/capabilities.ts';
import type { ChannelAdapter } from '../contract/channel.ts';
import type { PlatformAdapter } from '../contract/platform.ts';

/** A channel and a platform without a vendor, for tests of what stands before and around adapters. */

const capabilities: Capabilities = {
  parts: {
    text: { support: 'full' },
    image: { support: 'full', maxBytes: 1000, mimes: ['image/png'] },
    video: { support: 'rejected' },
    audio: { support: 'rejected' },
    voice: { support: 'rejected' },
    file: { support: 'rejected' },
    sticker: { support: 'rejected' },
    location: { support: 'fallback' },
    contact: { support: 'fallback' },
    choice: { support: 'fallback' },
    story: { support: 'fallback' },
    unsupported: { support: 'fallback' },
  },
  text: { limit: 100, unit: 'codepoints' },
  caption: false,
  marks: [],
  attachmentsPerMessage: 1,
  quotes: 'dropped',
  reactions: 'dropped',
  edits: 'dropped',
  deletes: 'dropped',
  receipts: [],
};

/** Tokens look like `pigeon-7-<anything secret>`; the number is the identity. One that ends in `revoked` is refused. */
const pigeonConfig = z.object({
  token: z
    .string()
    .regex(/^pigeon-\d+-\w+$/, 'A pigeon’s token looks like pigeon-7-abc.')
    .meta({ secret: true }),
  ring: z.string().optional().meta({ secret: true, generated: true }),
  loft: z.string().default('roof'),
});
type PigeonConfig = z.infer<typeof pigeonConfig>;

const healthy: Health = { status: 'connected', facts: { weather: 'fair' } };
const refused: Health = { status: 'disconnected', reason: 'The token was revoked.', advice: 'Make a new one.' };

function connected<C>(identity: string, name: string, config: C, token: string): SetUpResult<C> {
  if (token.endsWith('revoked')) {
    return { ok: false, field: 'token', failure: { class: 'auth', message: 'The token was revoked.', status: 401 } };
  }
  if (token.endsWith('down')) return { ok: false, failure: { class: 'temporary', message: 'No answer.' } };
  return { ok: true, connected: { ...healthy, identity, name, config } };
}

const pigeon: ChannelAdapter<PigeonConfig> = {
  manifest: {
    id: 'pigeon',
    label: 'Pigeon',
    summary: 'Messages by pigeon.',
    provider: { name: 'Pigeons', docs: 'https://pigeon.example/docs' },
    platforms: ['tower'],
    config: pigeonConfig,
    steps: [{ title: 'Ring it', text: 'Put a ring on it.', field: 'token' }],
  },
  capabilities: () => capabilities,
  verify: () => ({ ok: true }),
  normalise: () => [],
  send: async () => ({ ok: true, ids: [] }),
  connect: async ({ config }) => {
    const number = config.token.split('-')[1] ?? '';
    return connected(`pigeon:${number}`, `Pigeon ${number}`, { ...config, ring: `ring-${config.token}` }, config.token);
  },
  check: async ({ config }) => (config.token.endsWith('ill') ? refused : healthy),
  disconnect: async () => undefined,
  externalId: contact => `pigeon:${contact}`,
};

const towerConfig = z.object({ bell: z.string().min(3).meta({ secret: true }), town: z.string().default('Hamelin') });
type TowerConfig = z.infer<typeof towerConfig>;

const tower: PlatformAdapter<TowerConfig, { id: string }> = {
  manifest: {
    id: 'tower',
    label: 'Tower',
    summary: 'Answered from a tower.',
    provider: { name: 'Towers', docs: 'https://tower.example/docs' },
    config: towerConfig,
    steps: [],
  },
  capabilities: () => capabilities,
  verify: () => ({ ok: true }),
  normalise: () => [],
  contacts: { resolve: async () => ({ ok: true, id: 'contact-1' }) },
  deliver: async () => ({ ok: true, thread: 'thread-1', ids: [] }),
  reports: [],
  report: async () => ({ ok: true, ids: [] }),
  connect: async ({ config }) => connected(`tower:${config.town}`, config.town, config, config.bell),
  check: async () => healthy,
  disconnect: async () => undefined,
  oauth: {
    authorizeUrl: (app, { state, redirectUri }) =>
      `https://tower.example/login?${new URLSearchParams({ app: app.id, state, redirectUri })}`,
    exchange: async (_app, { code }) =>
      code === 'granted'
        ? { ok: true, config: { bell: 'bell-from-login', town: 'Loginton' } }
        : { ok: false, failure: { class: 'auth', message: 'The code is not known.' } },
  },
};

export const testChannels: ReadonlyMap<string, ChannelAdapter<unknown>> = new Map([['pigeon', pigeon]]);
export const testPlatforms: ReadonlyMap<string, PlatformAdapter<unknown>> = new Map([['tower', tower]]);
