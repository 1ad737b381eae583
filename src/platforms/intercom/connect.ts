import type { Health, SetUpContext, SetUpResult } from '../../contract/adapter.ts';
import type { Failure } from '../../contract/failure.ts';
import { type Dict, dict, id, text } from '../../kit/read.ts';
import { type Answer, apiHosts, callOnce } from './api.ts';
import type { IntercomConfig, Region } from './manifest.ts';

type C = SetUpContext<IntercomConfig>;

const regions = Object.keys(apiHosts).filter(isRegion);

/** Asks who the token belongs to. A token is valid on its own region's host only, so a refused one is tried on the others. */
export async function connect(context: C): Promise<SetUpResult<IntercomConfig>> {
  const { config } = context;
  const { answer, region } = await whoAmI(context);
  if (!answer.ok) return { ok: false, failure: refusal(answer.failure), field: 'accessToken' };
  const me = readMe(answer.body);
  if (me === undefined) {
    return {
      ok: false,
      failure: { class: 'config', message: 'Intercom does not say which workspace the token is for.' },
    };
  }
  const kept = { ...config, region: me.region ?? region, appId: me.appId, appName: me.appName, adminId: me.adminId };
  return {
    ok: true,
    connected: {
      identity: identityOf(me.appId),
      name: me.appName,
      config: kept,
      status: 'connected',
      advice: webhookAdvice(context),
      facts: facts(kept, me.adminName),
    },
  };
}

/** Asks the same again, on the stored region first. */
export async function check(context: C): Promise<Health> {
  const { config } = context;
  const { answer, region } = await whoAmI(context);
  if (!answer.ok) return unwell(answer.failure);
  const me = readMe(answer.body);
  if (me === undefined || me.appId !== (config.appId ?? me.appId)) {
    return {
      status: 'disconnected',
      reason: 'The access token belongs to another workspace now.',
      advice: 'Reconnect with a token of the workspace that was connected first.',
    };
  }
  if (region !== config.region) {
    return {
      status: 'disconnected',
      reason: `The workspace is hosted in region ${region}, not in ${config.region}.`,
      advice: 'Reconnect: the region is corrected on the way.',
    };
  }
  return { status: 'connected', facts: facts({ ...config, appId: me.appId, appName: me.appName }, me.adminName) };
}

/** What may belong to one Octopods workspace only. Webhooks carry the same id as `app_id`. */
export function identityOf(appId: string): string {
  return `intercom:${appId}`;
}

async function whoAmI(context: C): Promise<{ answer: Answer; region: Region }> {
  const stored = context.config.region;
  const answer = await meIn(stored, context);
  if (answer.ok || answer.failure.class !== 'auth') return { answer, region: stored };
  for (const region of regions.filter(other => other !== stored)) {
    const elsewhere = await meIn(region, context);
    if (elsewhere.ok) return { answer: elsewhere, region };
  }
  return { answer, region: stored };
}

function meIn(region: Region, context: C): Promise<Answer> {
  return callOnce({ ...context, config: { ...context.config, region } }, { method: 'GET', path: '/me' });
}

function readMe(me: Dict) {
  const app = dict(me.app);
  const appId = id(app?.id_code);
  const adminId = id(me.id);
  if (appId === undefined || adminId === undefined) return undefined;
  const region = text(app?.region)?.toUpperCase();
  return {
    appId,
    adminId,
    appName: text(app?.name) ?? appId,
    adminName: text(me.name) ?? adminId,
    region: region !== undefined && isRegion(region) ? region : undefined,
  };
}

function isRegion(word: string): word is Region {
  return Object.hasOwn(apiHosts, word);
}

function refusal(failure: Failure): Failure {
  if (failure.class !== 'auth') return failure;
  return {
    ...failure,
    message: `Intercom does not accept this access token in any region (${regions.join(', ')}): ${failure.message}`,
  };
}

function unwell(failure: Failure): Health {
  switch (failure.class) {
    case 'auth':
      return {
        status: 'disconnected',
        reason: `Intercom does not accept the access token any more: ${failure.message}`,
        advice: 'Copy a new access token from the Developer Hub and reconnect. What waits is delivered afterwards.',
      };
    case 'policy':
      return {
        status: 'offline',
        reason: `Intercom refuses the workspace for now: ${failure.message}`,
        advice: 'Look at the workspace’s plan in Intercom.',
      };
    default:
      return {
        status: 'offline',
        reason: `Intercom did not answer as expected: ${failure.message}`,
        advice: 'Nothing to do unless it lasts: see https://www.intercomstatus.com.',
      };
  }
}

function webhookAdvice({ config, webhookUrl }: C): string {
  if (config.clientSecret === undefined) {
    return 'Unless this workspace is connected through your installation’s own Intercom app, add the client secret: without it answers do not reach the customer.';
  }
  return webhookUrl === ''
    ? 'Give this installation a public address, then enter the webhook address in Intercom’s Developer Hub.'
    : `Enter ${webhookUrl} in Intercom’s Developer Hub under Webhooks, and tick the topics listed in the set-up steps.`;
}

function facts(config: IntercomConfig, teammate: string): Record<string, string> {
  return { Workspace: config.appId ?? '', Region: config.region, 'Notes appear as': teammate };
}
