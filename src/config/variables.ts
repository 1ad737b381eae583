import { z } from 'zod';
import { KeyRingError, parseKeyRing } from '../db/vault.ts';

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** Every variable there is, in the order of the documentation. `secret` ones may stand in a file named by `<NAME>_FILE`. */
export const variables = z.object({
  DATABASE_URL: matching(/^postgres(ql)?:\/\/\S+$/, 'an address such as postgres://user:password@host:5432/octopods')
    .optional()
    .meta({
      description:
        'Your own PostgreSQL, version 15 or later. Left out: PostgreSQL runs inside Octopods, in the data folder.',
      secret: true,
      example: 'postgres://octopods:password@localhost:5432/octopods',
    }),
  PORT: wholeNumber(0, 65_535).default(4000).meta({ description: 'The port of the server. 0 takes any that is free.' }),
  OCTOPODS_HOST: z
    .string()
    .default('127.0.0.1')
    .meta({
      description:
        'The interface the server listens on. The default is reached from this machine only, so that nobody else claims a ' +
        'fresh installation; 0.0.0.0 opens it to the network, which a container needs.',
      example: '0.0.0.0',
    }),
  PUBLIC_URL: origin('an address such as https://chat.example.com, without a path').optional().meta({
    description:
      'The address the world reaches this server at. Providers post their webhooks there, so it must be https.',
    example: 'https://chat.example.com',
  }),
  OCTOPODS_DATA_DIR: z
    .string()
    .default('./data')
    .meta({ description: 'The folder of the embedded PostgreSQL, of attachments kept locally and of secrets.json.' }),
  OCTOPODS_ROLE: oneOf('all', 'http', 'worker')
    .default('all')
    .meta({
      description:
        'What this process does: http receives and serves, worker delivers. The two need DATABASE_URL, ' +
        'OCTOPODS_ENCRYPTION_KEYS and OCTOPODS_AUTH_SECRET, the same for all processes.',
    }),
  OCTOPODS_LOG_LEVEL: oneOf(...logLevels)
    .default('info')
    .meta({ description: `How much is logged: ${logLevels.join(', ')}.` }),
  OCTOPODS_ENCRYPTION_KEYS: keyRing()
    .optional()
    .meta({
      description:
        'The keys that credentials are encrypted with, as id:base64,id2:base64 with 32 bytes each; the first encrypts, all ' +
        'decrypt. Left out: made at first start and kept in secrets.json.',
      secret: true,
      example: '2026a:<openssl rand -base64 32>',
    }),
  OCTOPODS_AUTH_SECRET: matching(/^.{32,}$/, '32 characters or more')
    .optional()
    .meta({
      description: 'Signs sessions and links. Left out: made at first start and kept in secrets.json.',
      secret: true,
      example: '<openssl rand -base64 32>',
    }),
  OCTOPODS_JOURNAL_DAYS: wholeNumber(1, 3650)
    .default(30)
    .meta({ description: 'Days that raw webhooks are kept for, to be inspected and replayed.' }),
  OCTOPODS_MEDIA_RETENTION_DAYS: wholeNumber(1, 3650)
    .optional()
    .meta({ description: 'Days that attachments are kept for. Left out: for good.', example: '365' }),
  OCTOPODS_MEDIA_DRIVER: oneOf('local', 's3').default('local').meta({
    description: 'Where attachments are kept: local in the data folder, s3 in a bucket that all processes share.',
  }),
  OCTOPODS_S3_BUCKET: z.string().optional().meta({ description: 'The bucket, for s3.', example: 'octopods-media' }),
  OCTOPODS_S3_REGION: z.string().optional().meta({ description: 'The region of the bucket.', example: 'eu-central-1' }),
  OCTOPODS_S3_ENDPOINT: origin('an address such as https://s3.example.com, without a path')
    .optional()
    .meta({ description: 'The service, where it is not Amazon’s.', example: 'https://s3.example.com' }),
  OCTOPODS_S3_ACCESS_KEY_ID: z
    .string()
    .optional()
    .meta({ description: 'The key for the bucket. Left out: the machine’s own role.', example: 'AKIAEXAMPLE' }),
  OCTOPODS_S3_SECRET_ACCESS_KEY: z
    .string()
    .optional()
    .meta({ description: 'The secret that belongs to it.', secret: true, example: '<the secret>' }),
  OCTOPODS_SMTP_URL: matching(/^smtps?:\/\/\S+$/, 'an address such as smtp://user:password@mail.example.com:587')
    .optional()
    .meta({
      description: 'The mail server for invitations, password resets and alerts. Left out: no mail is sent.',
      secret: true,
      example: 'smtp://user:password@mail.example.com:587',
    }),
  OCTOPODS_MAIL_FROM: z.string().optional().meta({
    description: 'The sender of these mails; needed with OCTOPODS_SMTP_URL.',
    example: 'Octopods <octopods@example.com>',
  }),
  OCTOPODS_INTERCOM_CLIENT_ID: z.string().optional().meta({
    description: 'Your own Intercom app, for connecting workspaces by a click. Left out: by access token.',
    example: '00000000-0000-0000-0000-000000000000',
  }),
  OCTOPODS_INTERCOM_CLIENT_SECRET: z
    .string()
    .optional()
    .meta({ description: 'The secret of that app.', secret: true, example: '<the secret>' }),
  OCTOPODS_METRICS_TOKEN: matching(/^\S{16,}$/, '16 characters or more')
    .optional()
    .meta({
      description: 'What Prometheus sends as a bearer to read /metrics. Left out: only this machine may read them.',
      secret: true,
      example: '<openssl rand -hex 24>',
    }),
  OCTOPODS_TRUST_PROXY: z.string().optional().meta({
    description: 'Proxies in front of the server whose X-Forwarded-For counts: addresses or networks, by commas.',
    example: '10.0.0.0/8',
  }),
  OCTOPODS_WORKER_CONCURRENCY: wholeNumber(1, 1024)
    .default(64)
    .meta({ description: 'Conversations that one process delivers in at the same time.' }),
  OCTOPODS_LEASE_SECONDS: wholeNumber(2, 300)
    .default(10)
    .meta({ description: 'Seconds after which the conversations of a process that died are taken over.' }),
  OCTOPODS_RETRY_BASE_MS: wholeNumber(1, 60_000)
    .default(1000)
    .meta({ description: 'Milliseconds before the first retry of a delivery; later waits grow from it.' }),
});

export type Variable = keyof typeof variables.shape;

export const variableNames = variables.keyof().options;

/** What the documentation says of a variable. */
export interface Facts {
  description: string;
  /** Its value must be seen nowhere. */
  secret: boolean;
  /** As text; absent where there is none. */
  default?: string;
  example?: string;
}

export function factsOf(name: Variable): Facts {
  const schema = variables.shape[name];
  const { description = '', secret, example } = schema.meta() ?? {};
  const { data } = schema.safeParse(undefined);
  return {
    description,
    secret: secret === true,
    ...(data === undefined ? {} : { default: String(data) }),
    ...(typeof example === 'string' ? { example } : {}),
  };
}

// A check's message says what the variable must be.

function matching(pattern: RegExp, expected: string) {
  return z.string().regex(pattern, expected);
}

function wholeNumber(least: number, most: number) {
  const fits = (text: string) => /^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most;
  return z.string().refine(fits, `a whole number from ${least} to ${most}`).transform(Number);
}

function oneOf<const T extends readonly [string, ...string[]]>(...words: T) {
  return z.enum(words, { error: `one of ${words.join(', ')}` });
}

function origin(expected: string) {
  const fits = (text: string) => /^https?:$/.test(URL.parse(text)?.protocol ?? '') && URL.parse(text)?.pathname === '/';
  return z
    .string()
    .refine(fits, expected)
    .transform(text => URL.parse(text)?.origin ?? text);
}

function keyRing() {
  return z.string().transform((text, context) => {
    try {
      return parseKeyRing(text);
    } catch (error) {
      if (!(error instanceof KeyRingError)) throw error;
      context.addIssue({ code: 'custom', message: `keys in the form id:base64,id2:base64. ${error.message}` });
      return z.NEVER;
    }
  });
}
