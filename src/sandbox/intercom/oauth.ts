import { randomBytes } from 'node:crypto';
import type { Json } from '../types.ts';
import type { Answer } from '../vendor.ts';
import { invalid } from './errors.ts';
import type { Region } from './types.ts';
import type { Workspace } from './workspace.ts';

/** Codes given out and not yet exchanged, with the workspace that approved. */
export class OAuthCodes {
  readonly #codes = new Map<string, Workspace>();

  /**
   * The consent page, with the button pressed: goes back to the app with a code. Where several workspaces share the
   * client, the one made last approves.
   */
  authorize(workspaces: readonly Workspace[], query: Record<string, string>): Answer {
    const workspace = workspaces.findLast(({ clientId }) => clientId === query.client_id);
    const target = query.redirect_uri ?? workspace?.redirectUri;
    if (!workspace || target === undefined || !URL.canParse(target)) {
      return { status: 400, headers: { 'content-type': 'text/plain' }, body: 'Unknown client_id or redirect_uri' };
    }
    const code = randomBytes(16).toString('hex');
    this.#codes.set(code, workspace);
    const location = new URL(target);
    location.searchParams.set('code', code);
    if (query.state !== undefined) location.searchParams.set('state', query.state);
    return { status: 302, headers: { location: location.href }, body: '' };
  }

  /**
   * A code works once, with the right client, on its workspace's regional host.
   * @throws IntercomError 400
   */
  exchange(region: Region, { code, client_id, client_secret }: Json): Json {
    const workspace = this.#codes.get(String(code));
    if (!workspace || workspace.region !== region) throw invalid('The code is unknown, used, or of another region');
    this.#codes.delete(String(code));
    if (workspace.clientId !== client_id || workspace.clientSecret !== client_secret) {
      throw invalid('client_id or client_secret is wrong');
    }
    const token = workspace.grantToken();
    return { token_type: 'Bearer', token, access_token: token };
  }
}
