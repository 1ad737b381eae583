import type { Failure } from '../../contract/failure.ts';
import type { OAuth } from '../../contract/platform.ts';
import { failureOf } from '../../kit/failure.ts';
import { dict, text } from '../../kit/read.ts';
import { apiHosts } from './api.ts';
import { failureFrom } from './failures.ts';
import type { IntercomApp, IntercomConfig, Region } from './manifest.ts';

type IntercomOAuth = OAuth<IntercomConfig, IntercomApp>;
type Exchanged = Awaited<ReturnType<IntercomOAuth['exchange']>>;

const loginHosts: Readonly<Record<Region, string>> = {
  US: 'https://app.intercom.com',
  EU: 'https://app.eu.intercom.com',
  AU: 'https://app.au.intercom.com',
};

/**
 * Connecting through the operator's own app. Permissions and the address to come back to are set in the Developer Hub, not
 * in the login's address. Tokens do not expire and are not refreshed.
 * @see https://developers.intercom.com/docs/build-an-integration/learn-more/authentication/setting-up-oauth
 */
export const oauth: IntercomOAuth = {
  authorizeUrl(app, { state, region }) {
    const query = new URLSearchParams({ client_id: app.clientId, state });
    return `${loginHosts[regionOf(region)]}/oauth?${query}`;
  },

  async exchange(app, { code, region }, context) {
    const first = regionOf(region);
    const exchanged = await exchangeIn(first, app, code, context);
    if (exchanged.ok || first === 'US' || !isRefusal(exchanged.failure)) return exchanged;
    // The app may be registered in the US though the workspace is not; a refused code is tried there once.
    return exchangeIn('US', app, code, context);
  },
};

function isRefusal({ status = 0 }: Failure): boolean {
  return status >= 400 && status < 500 && status !== 429;
}

async function exchangeIn(
  region: Region,
  app: IntercomApp,
  code: string,
  context: Parameters<IntercomOAuth['exchange']>[2],
): Promise<Exchanged> {
  try {
    const response = await context.http.request({
      method: 'POST',
      url: `${apiHosts[region]}/auth/eagle/token`,
      headers: { accept: 'application/json' },
      json: { code, client_id: app.clientId, client_secret: app.clientSecret },
    });
    if (response.status !== 200) return { ok: false, failure: failureFrom(response, context.now, false) };
    const body = dict(response.json());
    const accessToken = text(body?.access_token) ?? text(body?.token);
    if (accessToken !== undefined) return { ok: true, config: { accessToken, region } };
    return { ok: false, failure: { class: 'unknown', message: 'Intercom answered the login without a token.' } };
  } catch (error) {
    return { ok: false, failure: failureOf(error) };
  }
}

function regionOf(region: string | undefined): Region {
  return region === 'EU' || region === 'AU' ? region : 'US';
}
