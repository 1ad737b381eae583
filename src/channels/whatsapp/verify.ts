import type { RawRequest, Verdict } from '../../contract/adapter.ts';
import { isChallenge, verifyChallenge, verifySignature } from '../../kit/meta.ts';
import type { WhatsAppConfig } from './manifest.ts';

/**
 * Meta's challenge proves itself by the verify token, everything else by the app secret. A channel that has no secret of
 * its own is served by the app of the installation and takes nothing at its own address.
 */
export function verify(request: RawRequest, config: WhatsAppConfig): Verdict {
  if (isChallenge(request)) return verifyChallenge(request, config.verifyToken);
  return verifySignature(request, config.appSecret);
}
