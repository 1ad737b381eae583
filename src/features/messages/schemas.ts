import { z } from 'zod';
import { failure, id, time } from '../shared/schemas.ts';

export const messageStatus = z.enum(['received', 'queued', 'sent', 'delivered', 'read', 'failed', 'unconfirmed']);
export const messageDirection = z.enum(['inbound', 'outbound', 'echo']);

const mark = z.object({ type: z.string(), start: z.int(), end: z.int(), url: z.string().optional() });

const part = z
  .object({
    kind: z.enum([
      'text',
      'image',
      'video',
      'audio',
      'voice',
      'file',
      'sticker',
      'location',
      'contact',
      'choice',
      'story',
      'unsupported',
    ]),
    text: z.string().optional(),
    marks: z.array(mark).optional(),
    url: z.string().optional().meta({ description: 'The attachment: a signed path on this server, alive for a week.' }),
    name: z.string().optional(),
    mime: z.string().optional(),
    size: z.number().optional(),
    width: z.number().optional(),
    height: z.number().optional(),
    seconds: z.number().optional(),
    unavailable: z.string().optional().meta({ description: 'Why the attachment cannot be had.' }),
    lat: z.number().optional(),
    lng: z.number().optional(),
    address: z.string().optional(),
    phones: z.array(z.string()).optional(),
    emails: z.array(z.string()).optional(),
    label: z.string().optional(),
    payload: z.string().optional(),
  })
  .meta({ id: 'Part', description: 'One part of a message. Which fields there are depends on `kind`.' });

const sender = z.object({
  id: z.string(),
  kind: z.string(),
  name: z.string().optional(),
  username: z.string().optional(),
  phone: z.string().optional(),
  language: z.string().optional(),
});

export const message = z
  .object({
    id,
    workspaceId: id,
    channelId: id,
    conversationId: id,
    direction: messageDirection.meta({
      description: '`inbound`: from the customer. `outbound`: to the customer. `echo`: sent by the business elsewhere.',
    }),
    status: messageStatus,
    remoteId: z.string().meta({ description: 'Its id where it was written.' }),
    sender,
    parts: z.array(part),
    replyTo: z.object({ id: z.string(), text: z.string().optional() }).nullable(),
    reactions: z.array(z.object({ by: z.string(), emoji: z.string().nullable() })),
    failure: failure.nullable(),
    at: time.meta({ description: 'When it was written.' }),
    createdAt: time.meta({ description: 'When it was stored here.' }),
    sentAt: time.nullable(),
    deliveredAt: time.nullable(),
    readAt: time.nullable(),
    editedAt: time.nullable(),
    deletedAt: time.nullable(),
  })
  .meta({ id: 'Message' });

const exchange = z.object({
  method: z.string(),
  url: z.string().meta({ description: 'Without secrets.' }),
  status: z.int().optional().meta({ description: 'Absent when no answer came.' }),
  requestId: z.string().optional(),
  startedAt: z.string(),
  milliseconds: z.number(),
  error: z.string().optional(),
});

const trace = z
  .object({
    attempts: z.array(
      z.object({
        no: z.int(),
        startedAt: time,
        milliseconds: z.int(),
        ok: z.boolean(),
        failure: failure.nullable(),
        retryAt: time.nullable(),
        exchanges: z.array(exchange),
      }),
    ),
    deliveries: z
      .array(z.object({ side: z.enum(['platform', 'channel']), remoteId: z.string(), piece: z.int(), at: time }))
      .meta({ description: 'What was made on the other side.' }),
    receipts: z.array(z.object({ remoteId: z.string(), status: z.string(), at: time, failure: failure.nullable() })),
    webhooks: z.array(id).meta({ description: 'The journal entries it came in with, while they are kept.' }),
  })
  .meta({ id: 'Trace', description: 'The way of a message, step by step.' });

export const messageDetail = message.extend({ trace }).meta({ id: 'MessageDetail' });
