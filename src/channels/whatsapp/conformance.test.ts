import { describe, expect, it } from 'vitest';
import type { RawRequest } from '../../contract/adapter.ts';
import type { Event } from '../../contract/event.ts';
import type { Part } from '../../contract/message.ts';
import { failureRules } from '../../kit/failure.ts';
import { fileName } from '../../kit/media.ts';
import { graphError } from '../../kit/meta.ts';
import { type Dict, dict } from '../../kit/read.ts';
import { rawRequest } from '../../kit/request.ts';
import { hmac } from '../../kit/signatures.ts';
import { failureOfAnswer } from './failures.ts';
import { whatsapp } from './index.ts';
import type { WhatsAppConfig } from './manifest.ts';
import { hasShared, readShared, sharedFiles, webhookUrl } from './testing.ts';

interface Case {
  id: string;
  kind: string;
  given?: { contacts?: { phone: string }[]; inbound?: { id: string }[]; outgoing?: { message_id: string }[] };
  config: { phone_number_id: string; app_secret: string; verify_token: string };
  request: {
    method: string;
    headers: Record<string, string>;
    query?: Record<string, string>;
    body?: unknown;
    raw_body?: string;
  };
  response?: { status: number; headers: Record<string, string>; body: { error: unknown } };
  expect: {
    messages?: Dict[];
    statuses?: { message_id?: string; status?: string; error_class?: string; retry?: boolean }[];
    events?: Dict[];
    ignored?: string;
    rejected?: number;
    reply?: { status: number; body: string };
  };
}

const folder = 'conformance/cases';
const cases = hasShared ? sharedFiles(folder, 'wa-').map(name => readShared<Case>(`${folder}/${name}`)) : [];

function configOf({ config }: Case): WhatsAppConfig {
  return {
    accessToken: 'EAAnotARealToken',
    phoneNumberId: config.phone_number_id,
    appSecret: config.app_secret,
    verifyToken: config.verify_token,
  };
}

function requestOf({ request, config, kind }: Case): RawRequest {
  const body = request.method === 'GET' ? '' : (request.raw_body ?? JSON.stringify(request.body));
  const signature = { 'x-hub-signature-256': `sha256=${hmac('sha256', config.app_secret, body)}` };
  return rawRequest({
    method: request.method,
    url: request.query ? `${webhookUrl}?${new URLSearchParams(request.query)}` : webhookUrl,
    headers: kind === 'signature' ? request.headers : { ...signature, ...request.headers },
    body: Buffer.from(body),
  });
}

/** As the relay takes them: the second event with a key is a redelivery, and what is about nothing we hold goes. */
function eventsOf(one: Case): Event[] {
  const held = [one.given?.inbound?.map(({ id }) => id), one.given?.outgoing?.map(given => given.message_id)].flat();
  const keys = new Set<string>();
  return whatsapp.normalise(requestOf(one), configOf(one)).filter(event => {
    const isNew = !keys.has(event.key);
    keys.add(event.key);
    const isAboutAnother = ['edit', 'delete', 'reaction', 'reaction_removed'].includes(event.type);
    return isNew && !(isAboutAnother && 'id' in event && !held.includes(event.id));
  });
}

const attachmentTypes: Readonly<Record<string, string>> = { voice: 'audio' };

/** An event in the words of a case. */
function seen(event: Event): Dict {
  if (event.type !== 'message')
    return { type: event.type, message_id: 'id' in event ? event.id : undefined, ...textIn(event) };
  const { parts } = event;
  const location = parts.find(part => part.kind === 'location');
  return {
    id: event.id,
    conversation: event.conversation,
    sender_id: event.sender.id,
    sender_name: event.sender.name ?? null,
    ...textIn(event),
    payload: parts
      .map(part => (part.kind === 'choice' ? part.payload : undefined))
      .find(payload => payload !== undefined),
    attachments: parts.flatMap(attachmentOf),
    location: location && { lat: location.lat, lng: location.lng, name: location.name, address: location.address },
    reply_to: event.replyTo?.id ?? null,
    timestamp: event.at,
  };
}

function textIn(event: object): { text?: string } {
  if (!('parts' in event)) return {};
  return { text: (event.parts as Part[]).flatMap(wordsOf).join('\n') };
}

function wordsOf(part: Part): string[] {
  if (part.kind === 'choice') return [part.label];
  if ('unavailable' in part && part.unavailable !== undefined) return [part.unavailable];
  return 'text' in part ? [part.text] : [];
}

function attachmentOf(part: Part): Dict[] {
  if (!('ref' in part) || part.kind === 'story') return [];
  const type = attachmentTypes[part.kind] ?? part.kind;
  return [
    {
      type,
      mime: part.mime,
      media_id: part.ref,
      name: fileName(part.name, part.mime ?? '', part.kind).normalize('NFC'),
    },
  ];
}

function expectedMessage(wanted: Dict): Dict {
  const { text_contains: contained, placeholder, conversation: _, ...rest } = wanted;
  if (typeof contained === 'string') return { ...rest, text: expect.stringContaining(contained) };
  return placeholder === true ? { ...rest, text: expect.stringMatching(/\w/) } : rest;
}

describe.skipIf(!hasShared)('the public conformance cases', () => {
  it('are there', () => {
    expect(cases.length).toBeGreaterThanOrEqual(24);
  });

  it.each(cases.filter(({ kind }) => kind !== 'send-error').map(one => [one.id, one] as const))('%s', (_id, one) => {
    const { expect: wanted } = one;
    const verdict = whatsapp.verify(requestOf(one), configOf(one));
    if (wanted.rejected !== undefined) return expect(verdict.ok).toBe(false);
    expect(verdict).toEqual({ ok: true });
    if (wanted.reply) return expect(whatsapp.handshake?.(requestOf(one), configOf(one))).toMatchObject(wanted.reply);
    const events = eventsOf(one);
    const messages = events.filter(({ type }) => type === 'message').map(seen);
    const others = events.filter(({ type }) => !['message', 'receipt', 'ignored', 'unknown'].includes(type)).map(seen);
    expect(messages).toMatchObject((wanted.messages ?? []).map(expectedMessage));
    expect(others).toMatchObject(wanted.events ?? []);
    for (const status of wanted.statuses ?? []) {
      const failure = status.error_class === undefined ? {} : { failure: { class: status.error_class } };
      expect(events).toContainEqual(
        expect.objectContaining({ type: 'receipt', id: status.message_id, status: status.status }),
      );
      expect(events.find(event => event.type === 'receipt' && event.status === status.status)).toMatchObject(failure);
    }
  });

  it.each(cases.filter(({ kind }) => kind === 'send-error').map(one => [one.id, one] as const))('%s', (_id, one) => {
    const { response } = one;
    if (!response) throw new Error('The case has no response.');
    const failure = failureOfAnswer(graphError(response.body.error), response);
    const [wanted] = one.expect.statuses ?? [];
    expect(failure.class).toBe(wanted?.error_class);
    expect(failureRules[failure.class].retry !== 'never').toBe(wanted?.retry);
  });

  it('keeps the two spellings of a number apart as addresses and together as a contact', () => {
    const one = cases.find(({ id }) => id === 'wa-number-variant-argentina');
    if (!one) throw new Error('The case is gone.');
    const [event] = eventsOf(one);
    const known = one.given?.contacts?.[0]?.phone.slice(1) ?? '';
    expect(event).toMatchObject({ conversation: '5491100000035' });
    expect(whatsapp.externalId('5491100000035', configOf(one))).toBe(whatsapp.externalId(known, configOf(one)));
  });

  it('gives no phone number to a person who hides it', () => {
    const one = cases.find(({ id }) => id === 'wa-bsuid-only');
    const [event] = one ? eventsOf(one) : [];
    expect(event?.type).toBe('message');
    expect(dict(event)?.sender).not.toHaveProperty('phone', expect.anything());
  });
});
