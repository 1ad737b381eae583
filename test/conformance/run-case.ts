import type { Octopods } from '../../src/main.ts';
import type { Sandbox } from '../../src/sandbox/types.ts';
import type { Case, CaseRequest, Expect } from './case.ts';
import { checkDeliveries, checkEvents, checkMessages, type Findings } from './check.ts';
import { checkForbidden } from './must-not.ts';
import { type SeenFate, seenContacts, seenEvents, seenFate, seenMessages } from './observe.ts';
import { type Stage, setStage } from './stage.ts';
import type { PlayedChannel, Player } from './vendors/player.ts';

/** Plays one case against a running server and returns what was not as expected. */
export async function runCase(
  octopods: Octopods,
  sandbox: Sandbox,
  spec: Case,
  channel: PlayedChannel,
): Promise<Findings> {
  const stage = await setStage(octopods, sandbox, spec, channel);
  const findings =
    spec.kind === 'send-error'
      ? await runSendError(octopods, sandbox, spec, stage, channel.player)
      : await runRequest(octopods, spec, spec.request, spec.expect, stage);
  for (const step of spec.then ?? []) {
    findings.push(...(await runRequest(octopods, spec, step.request, step.expect, stage)));
  }
  return findings;
}

/** A webhook comes in: what it is answered, and what comes of it. */
async function runRequest(
  octopods: Octopods,
  spec: Case,
  request: CaseRequest,
  expect: Expect,
  stage: Stage,
): Promise<Findings> {
  const { pool } = octopods;
  const since = new Date();
  const before = await seenMessages(pool, ['inbound', 'echo']);
  const sentBefore = stage.account.sent(stage.person).length;
  const answer = await stage.post(request);
  await stage.settle();
  const messages = (await seenMessages(pool, ['inbound', 'echo'], before)).slice(before.length);
  const sent = stage.account.sent(stage.person).slice(sentBefore);
  const events = await seenEvents(pool, since);
  const findings: Findings = [];

  if (expect.rejected !== undefined) {
    if (![401, 403].includes(answer.status)) findings.push(`expected a refusal, answered ${answer.status}`);
    if (events.length + messages.length + sent.length > 0) findings.push('a refused request had an effect');
    return findings;
  }
  if (answer.status >= 300) findings.push(`answered ${answer.status}: ${answer.body.slice(0, 200)}`);
  if (expect.reply) findings.push(...checkReply(expect.reply, answer));
  if (expect.ignored !== undefined && messages.length + sent.length > 0) {
    findings.push(
      `should produce nothing (${expect.ignored}), produced ${JSON.stringify(messages.map(m => m.anyText))}`,
    );
  }
  if (expect.messages) findings.push(...checkMessages(expect.messages, messages));
  if (expect.deliver) findings.push(...checkDeliveries(expect.deliver, sent));
  if (expect.events) findings.push(...checkEvents(expect.events, events));
  for (const want of expect.statuses ?? []) {
    const fate = await seenFate(
      pool,
      want.message_id === undefined ? { direction: 'outbound' } : { sentAs: want.message_id },
    );
    findings.push(...checkFate(want, fate));
  }
  for (const [id, status] of Object.entries(expect.final_status ?? {})) {
    const fate = await seenFate(pool, { sentAs: id });
    if (fate?.status !== status) findings.push(`${id} should end as ${status}, is ${fate?.status}`);
  }
  const outcome = { messages, sent, inbox: stage.inbox, contacts: await seenContacts(pool) };
  findings.push(...(expect.must_not ?? []).flatMap(words => checkForbidden(words, expect, outcome)));
  if (spec.kind !== 'signature' && answer.status >= 500) findings.push('answered with a fault of ours');
  return findings;
}

/** A call of ours is answered with an error: what becomes of the message that it carried. */
async function runSendError(
  octopods: Octopods,
  sandbox: Sandbox,
  spec: Case,
  stage: Stage,
  player: Player,
): Promise<Findings> {
  const { response, request, expect } = spec;
  if (!response) return ['the case has no response'];
  const toPlatform = spec.kind === 'send-error' && spec.channel === 'intercom';
  const words = wordsOf({ ...Object(request.body), ...request.form });
  if (!toPlatform) {
    await stage.account.say(stage.person, 'Hello from the customer.');
    await stage.settle();
  }
  sandbox.faults.add({
    vendor: toPlatform ? 'intercom' : player.vendor,
    match: toPlatform ? /\/reply$/ : stage.account.sendPath,
    kind: 'answer',
    status: response.status,
    body: response.body,
    ...(response.headers ? { headers: response.headers } : {}),
  });
  if (toPlatform) {
    await stage.account.say(stage.person, words);
    await stage.settle();
  } else await stage.teammateWrites(stage.person, words);

  const fate = await seenFate(octopods.pool, { direction: toPlatform ? 'inbound' : 'outbound' });
  const wants = expect.statuses ?? [expect];
  const findings = wants.flatMap(want => checkFate(want, fate));
  if (expect.must_not?.includes('message lost') && fate?.status !== 'delivered') {
    findings.push(`the message was lost: it ended as ${fate?.status}`);
  }
  return findings;
}

function checkFate(
  want: { status?: string; error_class?: string; retry?: boolean; retry_after_s?: number },
  fate: SeenFate | undefined,
): Findings {
  if (!fate) return ['there is no such message'];
  const findings: Findings = [];
  if (want.status !== undefined && fate.status !== want.status) {
    findings.push(`status: expected ${want.status}, found ${fate.status}`);
  }
  if (want.error_class !== undefined && !fate.classes.includes(want.error_class)) {
    findings.push(`error class: expected ${want.error_class}, found ${fate.classes.join(', ') || 'none'}`);
  }
  if (want.retry !== undefined && fate.retried !== want.retry) {
    findings.push(`retry: expected ${want.retry}, found ${fate.retried}`);
  }
  if (want.retry_after_s !== undefined && fate.retryAfterSeconds !== want.retry_after_s) {
    findings.push(`retry after: expected ${want.retry_after_s} s, found ${fate.retryAfterSeconds}`);
  }
  return findings;
}

function checkReply(
  want: NonNullable<Expect['reply']>,
  answer: { status: number; body: string; headers: Headers },
): Findings {
  const findings: Findings = [];
  if (want.status !== undefined && answer.status !== want.status)
    findings.push(`answered ${answer.status}, not ${want.status}`);
  if (typeof want.body === 'string' && answer.body !== want.body)
    findings.push(`answered “${answer.body}”, not “${want.body}”`);
  if (want.body_contains !== undefined && !answer.body.includes(want.body_contains)) {
    findings.push(`the answer “${answer.body}” does not contain “${want.body_contains}”`);
  }
  for (const [name, value] of Object.entries(want.headers ?? {})) {
    if (!answer.headers.get(name)?.includes(value))
      findings.push(`header ${name} is ${answer.headers.get(name)}, not ${value}`);
  }
  return findings;
}

/** What is said in a call of ours, by the names that vendors give the field. */
function wordsOf(fields: object): string {
  const found = Object.entries(fields).find(([name]) => ['text', 'body', 'Body', 'caption'].includes(name))?.[1];
  return typeof found === 'string' ? found : 'Hello';
}
