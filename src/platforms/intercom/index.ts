import type { PlatformAdapter } from '../../contract/platform.ts';
import { capabilities } from './capabilities.ts';
import { check, connect, identityOf } from './connect.ts';
import { resolve } from './contacts.ts';
import { deliver } from './deliver.ts';
import { find } from './find.ts';
import { type IntercomApp, type IntercomConfig, intercomApp, manifest } from './manifest.ts';
import { fetchMedia } from './media.ts';
import { normalise } from './normalise.ts';
import { appIdOf } from './notification.ts';
import { oauth } from './oauth.ts';
import { report, reports } from './report.ts';
import { verify } from './verify.ts';

export const intercom: PlatformAdapter<IntercomConfig, IntercomApp> = {
  manifest,
  capabilities: () => capabilities,
  verify,
  normalise,
  contacts: { resolve },
  deliver,
  find,
  reports,
  report,
  connect,
  check,
  async disconnect() {
    // Nothing of ours is left at Intercom: webhooks are set in the Developer Hub, by hand, and no call takes them away.
  },
  fetchMedia,
  app: {
    config: intercomApp,
    verify,
    identities(request) {
      const appId = appIdOf(request);
      return appId === undefined ? [] : [identityOf(appId)];
    },
  },
  oauth,
};
