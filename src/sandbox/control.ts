import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { readControl } from './control-body.ts';
import { addIntercomControl, workspaceView } from './intercom/control.ts';
import { addTelegramControl, botView } from './telegram/control.ts';
import { addTwilioControl, accountView as twilioView } from './twilio/control.ts';
import type { Delivery, Fault, FaultRule, LoggedCall, Sandbox } from './types.ts';
import { addWhatsAppControl, appView } from './whatsapp/control.ts';

const faultRule = z.intersection(
  z.object({
    vendor: z.enum(['telegram', 'intercom', 'twilio', 'whatsapp']),
    /** An operation, or a regular expression between slashes. */
    match: z.string().optional(),
    times: z.int().positive().optional(),
    every: z.int().positive().optional(),
  }),
  z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('status'),
      status: z.int(),
      body: z.unknown().optional(),
      headers: z.record(z.string(), z.string()).optional(),
    }),
    z.object({
      kind: z.literal('answer'),
      status: z.int(),
      body: z.unknown(),
      headers: z.record(z.string(), z.string()).optional(),
    }),
    z.object({ kind: z.literal('timeout_before') }),
    z.object({ kind: z.literal('timeout_after') }),
    z.object({ kind: z.literal('cut'), when: z.enum(['before', 'after']) }),
    z.object({ kind: z.literal('slow'), milliseconds: z.int().nonnegative() }),
    z.object({ kind: z.literal('webhook_before_answer') }),
    z.object({ kind: z.literal('duplicate') }),
    z.object({ kind: z.literal('reorder') }),
  ]),
);

/** The sandbox's controls over HTTP, under `/_sandbox`: the programmatic interface as JSON, and nothing beside it. */
export function addControl(app: FastifyInstance, sandbox: Sandbox): void {
  app.register(
    async scope => {
      scope.setErrorHandler((error, _request, reply) => {
        const message = error instanceof Error ? error.message : String(error);
        reply.code(400).send({ error: message });
      });
      addOverview(scope, sandbox);
      addFaults(scope, sandbox);
      addTelegramControl(scope, sandbox.telegram);
      addIntercomControl(scope, sandbox.intercom);
      addTwilioControl(scope, sandbox.twilio);
      addWhatsAppControl(scope, sandbox.whatsapp);
    },
    { prefix: '/_sandbox' },
  );
}

function addOverview(app: FastifyInstance, sandbox: Sandbox): void {
  app.get('/state', () => ({
    telegram: { bots: sandbox.telegram.bots.map(botView) },
    intercom: { workspaces: sandbox.intercom.workspaces.map(workspaceView) },
    twilio: { accounts: sandbox.twilio.accounts.map(twilioView) },
    whatsapp: { apps: sandbox.whatsapp.apps.map(appView) },
    faults: sandbox.faults.active.map(faultView),
    violations: sandbox.violations,
    deliveries: sandbox.deliveries.map(deliveryView),
  }));
  app.get('/log', () => ({ calls: sandbox.log.map(callView) }));
  app.post('/settled', async () => {
    await sandbox.settled();
    return { settled: true };
  });
}

function addFaults(app: FastifyInstance, sandbox: Sandbox): void {
  const find = (id: string) => {
    const fault = sandbox.faults.active.find(active => active.id === id);
    if (!fault) throw new Error(`There is no fault ${id}.`);
    return fault;
  };
  app.get('/faults', () => ({ faults: sandbox.faults.active.map(faultView) }));
  app.post('/faults', request => {
    const { match, ...rule } = readControl(request, faultRule);
    const pattern = /^\/(.+)\/$/.exec(match ?? '')?.[1];
    const fault = sandbox.faults.add({
      ...rule,
      ...(match === undefined ? {} : { match: pattern === undefined ? match : new RegExp(pattern) }),
    } as FaultRule);
    return faultView(fault);
  });
  app.delete('/faults', () => {
    sandbox.faults.clear();
    return { faults: [] };
  });
  app.delete<{ Params: { id: string } }>('/faults/:id', request => {
    find(request.params.id).remove();
    return { removed: request.params.id };
  });
  app.post<{ Params: { id: string } }>('/faults/:id/release', request => {
    find(request.params.id).release();
    return faultView(find(request.params.id));
  });
}

function faultView({ id, rule, strikes }: Fault) {
  return { id, rule: { ...rule, match: rule.match === undefined ? undefined : String(rule.match) }, strikes };
}

function deliveryView({ vendor, account, operation, at, body, tries, state }: Delivery) {
  return { vendor, account, operation, at, body, tries, state };
}

function callView(call: LoggedCall) {
  const files = Object.fromEntries(
    Object.entries(call.files).map(([field, { name, mime, bytes }]) => [field, { name, mime, size: bytes.length }]),
  );
  return { ...call, files };
}
