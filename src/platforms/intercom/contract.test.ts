import { describe, expect, it } from 'vitest';
import { hmac } from '../../kit/signatures.ts';
import { normalise } from './normalise.ts';
import { conformanceCases, contract, hasShared, said, typesOf, webhook } from './testing.ts';
import { verify } from './verify.ts';

type Json = Record<string, unknown>;

describe.skipIf(!hasShared)('every example of the contract (needs ../shared)', () => {
  const { examples = {} } = contract<{ examples: Record<string, Json> }>('webhook-examples.json') ?? {};
  const read = (name: string) => normalise(webhook(examples[name]), {});

  const expected: Record<string, unknown[]> = {
    ping: [{ type: 'ignored', kind: 'ping' }],
    admin_replied_html: [
      {
        type: 'message',
        key: 'part:9001',
        id: '9001',
        conversation: '215469',
        at: '2026-09-21T14:15:00.000Z',
        sender: { id: '991001', kind: 'teammate', name: 'Ada Teammate' },
        parts: [
          {
            kind: 'text',
            text: 'Hi Jo, see this page.\nSecond line\nthird line',
            marks: [
              { type: 'bold', start: 3, end: 5 },
              { type: 'link', start: 11, end: 20, url: 'https://example.com/a?b=1&c=2' },
            ],
          },
        ],
      },
    ],
    admin_replied_plain_text_2_15_plus: [
      { type: 'message', id: '9002', parts: [{ kind: 'text', text: 'Hi Jo, see this page.\nSecond line' }] },
    ],
    admin_replied_attachment_and_inline_image: [
      {
        type: 'message',
        id: '9003',
        parts: [
          { kind: 'text', text: 'The invoice' },
          {
            kind: 'image',
            ref: 'https://downloads.intercomcdn.com/i/o/1/pic.png?expires=1790003700&signature=abc',
            name: 'pic.png',
          },
          {
            kind: 'file',
            ref: 'https://downloads.intercomcdn.com/i/o/2/invoice.pdf?expires=1790003700&signature=def',
            name: 'invoice.pdf',
            mime: 'application/pdf',
            size: 20480,
          },
        ],
      },
    ],
    admin_replied_attachment_only: [
      { type: 'message', id: '9004', parts: [{ kind: 'image', name: 'a.jpg', width: 10, height: 10, size: 1000 }] },
    ],
    admin_reply_carried_by_assignment_part: [
      { type: 'message', id: '9005', parts: [{ kind: 'text', text: 'I pass you to Bob.' }] },
    ],
    admin_closed_with_body: [
      { type: 'message', id: '9006', parts: [{ kind: 'text', text: 'Closing this, bye!' }] },
      { type: 'conversation_closed', conversation: '215469', key: 'notification:notif_0006:conversation_closed' },
    ],
    admin_closed_without_body: [{ type: 'conversation_closed', conversation: '215469' }],
    admin_noted_must_not_go_out: [{ type: 'ignored', kind: 'conversation.admin.noted' }],
    admin_assigned_bare: [{ type: 'assigned', conversation: '215469' }],
    operator_replied_fin: [
      {
        type: 'message',
        id: '9010',
        sender: { id: '991900', kind: 'bot', name: 'Fin' },
        parts: [{ kind: 'text', text: 'I am the assistant.' }],
      },
    ],
    admin_snoozed: [{ type: 'conversation_snoozed', conversation: '215469' }],
    // Whether a part is our own is the relay's to know, by its id: another app posts over the API too.
    echo_of_own_post: [{ type: 'message', id: '9012' }],
    user_created_by_the_gateway_itself: [{ type: 'ignored', kind: 'conversation.user.created' }],
    admin_single_created: [
      {
        type: 'message',
        key: 'source:215469',
        id: '403918400',
        conversation: '215469',
        contact: '6762f1571bb69f9f2193bbbb',
        parts: [{ kind: 'text', text: 'Hello from us' }],
      },
    ],
    part_redacted: [{ type: 'delete', key: 'redacted:9001', id: '9001', conversation: '215469' }],
    conversation_deleted_minimal: [{ type: 'conversation_deleted', conversation: '215469' }],
    contact_merged: [{ type: 'contact_merged', from: 'wa:15550001111', to: '6762f1571bb69f9f2193cccc' }],
  };

  it.each(Object.keys(examples))('%s', name => {
    expect(read(name)).toMatchObject(expected[name] ?? ['an expectation for each example']);
  });
});

describe.skipIf(!hasShared)('every conformance case of a webhook (needs ../shared)', () => {
  interface Step {
    request: { headers: Record<string, string>; body?: Json; raw_body?: string };
    expect: { deliver?: { text: string }[]; events?: { type: string }[]; rejected?: number };
  }
  interface Case extends Step {
    id: string;
    kind: string;
    config: { client_secret: string; app_id: string };
    given?: { created_parts?: string[] };
    then?: Step[];
  }
  const cases = conformanceCases<Case>().filter(({ kind }) => kind === 'platform-webhook' || kind === 'signature');

  it.each(cases.map(one => [one.id, one] as const))('%s', (_id, { kind, config: own, given, then = [], ...first }) => {
    const seen = new Set(given?.created_parts);
    for (const step of [first, ...then]) {
      const bytes = step.request.raw_body ?? JSON.stringify(step.request.body);
      const signed = { 'x-hub-signature': `sha1=${hmac('sha1', own.client_secret, bytes)}` };
      const request = webhook(bytes, { ...(kind === 'signature' ? {} : signed), ...step.request.headers });
      const verdict = verify(request, { clientSecret: own.client_secret });
      expect(verdict.ok).toBe(step.expect.rejected === undefined);
      if (!verdict.ok) continue;
      const events = normalise(request, { appId: own.app_id });
      const fresh = events.filter(event => !('id' in event && seen.has(event.id)));
      for (const event of events) if ('id' in event) seen.add(event.id);
      expect(said(fresh)).toEqual((step.expect.deliver ?? []).map(({ text }) => text));
      for (const { type } of step.expect.events ?? []) expect(typesOf(events)).toContain(type);
    }
  });
});
