import { createHash, createHmac } from 'node:crypto';
import { newId } from '../../src/db/ids.ts';
import type { Octopods } from '../../src/main.ts';
import { platforms } from '../../src/platforms/registry.ts';
import type { Sandbox } from '../../src/sandbox/types.ts';
import type { Player } from '../conformance/vendors/player.ts';
import { telegram } from '../conformance/vendors/telegram.ts';
import { twilioSms } from '../conformance/vendors/twilio-sms.ts';
import { whatsapp } from '../conformance/vendors/whatsapp.ts';
import type { Input } from './inputs.ts';

/** Who signs for the vendor of each kind of channel. */
const players: Readonly<Record<string, Player>> = { telegram, 'twilio-sms': twilioSms, whatsapp };

export const clientSecret = 'fuzz-client-secret';
const appId = 'fuzz0001';

/** What the examples name as their account, number or workspace, and what ours is called. */
const ours = {
  account_sid: `AC${'f'.repeat(32)}`,
  phone_number_id: '700000000000100',
  waba_id: '900000000000001',
};

/** A thread that the platform's examples speak of. */
const knownThread = '215469';

/** A connected adapter, ready to be posted to. */
export interface Target {
  /** The addresses that its vendor posts to, as paths on our server. */
  paths: string[];
  /** The headers of an input, with the vendor's proof. `path` is where it goes. */
  headers(input: Input, path: string): Record<string, string>;
  /** Adds to a path what a proof needs to stand in the address. */
  pathFor(input: Input, path: string): string;
}

/** Makes an example speak of what is connected here. */
export function adopt(text: string): string {
  return text
    .replace(/\bAC[0-9a-f]{32}\b/g, ours.account_sid)
    .replace(/"phone_number_id":"\d+"/g, `"phone_number_id":"${ours.phone_number_id}"`)
    .replace(/"app_id":"[^"]*"/g, `"app_id":"${appId}"`);
}

export async function connect(octopods: Octopods, sandbox: Sandbox, id: string): Promise<Target> {
  const isPlatform = platforms.has(id);
  const inbox = sandbox.intercom.workspace({
    appId,
    clientSecret,
    admin: { id: '9000001', name: 'Bridge', email: 'bridge@example.com' },
  });
  const accountId = newId();
  const workspaceId = await octopods.setup.connectWorkspace({
    accountId,
    platform: 'intercom',
    sandbox: true,
    config: { accessToken: inbox.accessToken, clientSecret },
  });
  const kind = isPlatform ? 'telegram' : id;
  const player = players[kind];
  if (!player) throw new Error(`Nobody signs for ${kind}: add its player to test/fuzz/target.ts.`);
  const account = player.connect(sandbox, ours);
  const channelId = await octopods.setup.connectChannel({ accountId, workspaceId, kind, config: account.config });
  // A conversation that has a thread, so that what a platform tells of it has something to act on.
  await account.say('12025550143', 'Hello');
  await octopods.pool.query('update conversations set thread_id = $1', [knownThread]);

  const connection = isPlatform
    ? await octopods.connections.workspace(workspaceId)
    : await octopods.connections.channel(channelId);
  const own = `/hooks/${connection?.hookToken}`;
  return {
    paths: connection?.adapter.app && isPlatform ? [own, `/hooks/${id}`] : [own],
    // Twilio's proof of a JSON body stands in the address; to the others it is a query like any other.
    pathFor: ({ type, body }, path) =>
      isJson(type) ? `${path}?bodySHA256=${createHash('sha256').update(body).digest('hex')}` : path,
    headers({ type, body }, path) {
      const proof = isPlatform
        ? { 'x-hub-signature': `sha1=${createHmac('sha1', clientSecret).update(body).digest('hex')}` }
        : account.sign(
            { method: 'POST', ...(isJson(type) ? {} : { form: fieldsOf(body) }) },
            body,
            octopods.url + path,
          );
      return { ...(type === '' ? {} : { 'content-type': type }), ...proof };
    },
  };
}

function isJson(type: string): boolean {
  return type.startsWith('application/json');
}

function fieldsOf(body: Uint8Array): Record<string, string[]> {
  const fields = new URLSearchParams(Buffer.from(body).toString());
  return Object.fromEntries([...new Set(fields.keys())].map(name => [name, fields.getAll(name)]));
}
