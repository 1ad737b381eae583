import { z } from 'zod';
import type { AppWebhook, RawReply, RawRequest } from '../../contract/adapter.ts';
import { challengeReply, isChallenge, verifyChallenge, verifySignature } from '../../kit/meta.ts';
import { changesOf } from './envelope.ts';
import { identityOf } from './manifest.ts';

const config = z.object({ appId: z.string().min(1), appSecret: z.string().min(1), verifyToken: z.string().min(1) });

/** The operator's own Meta app. */
export type MetaApp = z.infer<typeof config>;

/** One webhook for all numbers that were connected through the operator's app. */
export const app: AppWebhook<MetaApp> & {
  /** The app's own challenge, which concerns no channel. */
  handshake(request: RawRequest): RawReply | undefined;
} = {
  config,
  verify: (request, meta) =>
    isChallenge(request) ? verifyChallenge(request, meta.verifyToken) : verifySignature(request, meta.appSecret),
  identities: request => [
    ...new Set(
      (changesOf(request) ?? []).flatMap(({ phoneNumberId }) =>
        phoneNumberId === undefined ? [] : [identityOf(phoneNumberId)],
      ),
    ),
  ],
  handshake: challengeReply,
};
