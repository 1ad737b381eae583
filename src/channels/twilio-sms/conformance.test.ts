import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Event, MessageEvent } from '../../contract/event.ts';
import type { FailureClass } from '../../contract/failure.ts';
import { failureRules } from '../../kit/failure.ts';
import { twilioSms } from './index.ts';
import type { TwilioSmsConfig } from './manifest.ts';
import { hasShared, type Reply, sharedCases, startTwilio, type TwilioApi, webhook } from './testing.ts';

/** The shared cases, held against the adapter alone; the runner holds the same against a whole server. */

interface Request {
  method: string;
  headers: Record<string, string>;
  form: Record<string, string>;
}

interface Expectation {
  messages?: {
    id?: string;
    sender_id?: string;
    text?: string | null;
    attachments?: { type: string; mime: string; url?: string }[];
  }[];
  statuses?: { message_id?: string; status: string; error_class?: FailureClass; retry?: boolean }[];
  events?: { type: string; contact?: string }[];
  ignored?: string;
  rejected?: number;
}

interface Case {
  id: string;
  kind: string;
  why: string;
  config: { account_sid: string; auth_token: string; number: string; public_url: string };
  request: Request;
  response?: Reply & object;
  expect: Expectation;
  then?: { request: Request; expect: Expectation }[];
}

const cases = hasShared ? sharedCases<Case>('sms-') : [];

let twilio: TwilioApi;
beforeAll(async () => {
  twilio = await startTwilio();
});
afterAll(() => twilio.close());

const configOf = ({ config }: Case): TwilioSmsConfig => ({
  accountSid: config.account_sid,
  authToken: config.auth_token,
  sender: config.number,
});

function receive(one: Case, { method, headers, form }: Request): Event[] | 'rejected' {
  const request = webhook(form, { url: one.config.public_url, method, headers });
  if (!twilioSms.verify(request, configOf(one)).ok) return 'rejected';
  const reply = twilioSms.handshake?.(request, configOf(one));
  expect(reply?.body ?? '').not.toMatch(/<Message/);
  return twilioSms.normalise(request, configOf(one));
}

function seen(message: MessageEvent) {
  const text = message.parts.flatMap(part => (part.kind === 'text' ? [part.text] : [])).join('\n');
  return {
    id: message.id,
    sender_id: message.sender.id,
    text: text === '' ? null : text,
    attachments: message.parts.flatMap(part =>
      'mime' in part ? [{ type: part.kind, mime: part.mime, url: part.ref }] : [],
    ),
  };
}

function hold(events: Event[] | 'rejected', expected: Expectation): void {
  expect(events === 'rejected').toBe(expected.rejected !== undefined);
  if (events === 'rejected') return;
  const messages = events.filter(event => event.type === 'message');
  const receipts = events.filter(event => event.type === 'receipt');
  expect(messages.map(seen)).toMatchObject(expected.messages ?? []);
  expect(
    receipts.map(receipt => ({ message_id: receipt.id, status: receipt.status, error_class: receipt.failure?.class })),
  ).toMatchObject(expected.statuses ?? []);
  for (const event of expected.events ?? []) expect(events).toContainEqual(expect.objectContaining(event));
  if (expected.ignored !== undefined) {
    expect(events.every(event => event.type === 'ignored' || event.type === 'unknown')).toBe(true);
  }
}

describe.skipIf(!hasShared)('the shared cases', () => {
  it('are there', () => {
    expect(cases.length).toBeGreaterThanOrEqual(12);
  });

  it.each(cases.filter(one => one.kind !== 'send-error'))('$id: $why', one => {
    hold(receive(one, one.request), one.expect);
    for (const step of one.then ?? []) hold(receive(one, step.request), step.expect);
  });

  it.each(cases.filter(one => one.kind === 'send-error'))('$id: $why', async one => {
    const { To: to = '', Body: text = '' } = one.request.form;
    twilio.answer('/Messages.json', one.response ?? 'drop');
    const context = twilio.context({ config: configOf(one) });
    const result = await twilioSms.send({ id: 'made-up-id', piece: 0, to, parts: [{ kind: 'text', text }] }, context);
    expect(Object.fromEntries(twilio.calls.at(-1)?.form ?? [])).toMatchObject(one.request.form);
    const failure = result.ok ? undefined : result.failure;
    for (const { error_class, retry } of one.expect.statuses ?? []) {
      expect(failure?.class).toBe(error_class);
      if (failure && retry !== undefined) expect(failureRules[failure.class].retry !== 'never').toBe(retry);
    }
  });
});
