import { resolve } from 'node:path';
import type { z } from 'zod';
import { type Environment, gather, missing, problemOf } from './config/environment.ts';
import { type logLevels, variables } from './config/variables.ts';
import type { KeyRing } from './db/vault.ts';

/** What an operator decides, read from the environment. Absent fields were left out. */
export interface Config {
  databaseUrl?: string;
  host: string;
  port: number;
  /** Without a slash at its end. */
  publicUrl?: string;
  /** Absolute. */
  dataDir: string;
  role: 'all' | 'http' | 'worker';
  logLevel: (typeof logLevels)[number];
  encryptionKeys?: KeyRing;
  authSecret?: string;
  journalDays: number;
  /** Absent: attachments are kept. */
  mediaRetentionDays?: number;
  media: { driver: 'local' } | ({ driver: 's3' } & S3Config);
  smtp?: { url: string; from: string };
  /** The operator's own apps at the vendors, by adapter id; each adapter knows what its app consists of. */
  apps: Readonly<Record<string, Readonly<Record<string, string>> | undefined>>;
  /** Lets Prometheus in from elsewhere. Absent: only this machine may read the metrics. */
  metricsToken?: string;
  /** Proxies whose X-Forwarded headers count: addresses and networks, separated by commas. */
  trustProxy?: string;
  workerConcurrency: number;
  leaseSeconds: number;
  retryBaseMs: number;
  /** What looks like a mistake but does no harm, for the log. */
  warnings: string[];
}

export interface S3Config {
  bucket: string;
  region: string;
  endpoint?: string;
  /** Absent: the machine's own role. */
  credentials?: { accessKeyId: string; secretAccessKey: string };
}

/** The environment does not make sense. The message lists everything that is wrong, a line each, and shows no secret. */
export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(['Octopods cannot start with these settings:', ...problems.map(problem => `  ${problem}`)].join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

type Values = z.output<typeof variables>;

/**
 * Reads the environment. An empty variable counts as left out, and a secret may stand in a file that `<NAME>_FILE` names.
 * Throws a {@link ConfigError} that lists every problem at once.
 */
export function readConfig(env: Environment): Config {
  const { texts, problems, unknown } = gather(env);
  const parsed = variables.safeParse(texts);
  problems.push(...(parsed.error?.issues ?? []).map(issue => problemOf(issue, texts)), ...missing(texts));
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  return configFrom(parsed.data, unknown);
}

function configFrom(values: Values, unknown: readonly string[]): Config {
  return {
    databaseUrl: values.DATABASE_URL,
    host: values.OCTOPODS_HOST,
    port: values.PORT,
    publicUrl: values.PUBLIC_URL,
    dataDir: resolve(values.OCTOPODS_DATA_DIR),
    role: values.OCTOPODS_ROLE,
    logLevel: values.OCTOPODS_LOG_LEVEL,
    encryptionKeys: values.OCTOPODS_ENCRYPTION_KEYS,
    authSecret: values.OCTOPODS_AUTH_SECRET,
    journalDays: values.OCTOPODS_JOURNAL_DAYS,
    mediaRetentionDays: values.OCTOPODS_MEDIA_RETENTION_DAYS,
    media: mediaFrom(values),
    smtp: pair(values.OCTOPODS_SMTP_URL, values.OCTOPODS_MAIL_FROM, (url, from) => ({ url, from })),
    apps: {
      intercom: pair(
        values.OCTOPODS_INTERCOM_CLIENT_ID,
        values.OCTOPODS_INTERCOM_CLIENT_SECRET,
        (clientId, clientSecret) => ({ clientId, clientSecret }),
      ),
    },
    metricsToken: values.OCTOPODS_METRICS_TOKEN,
    trustProxy: values.OCTOPODS_TRUST_PROXY,
    workerConcurrency: values.OCTOPODS_WORKER_CONCURRENCY,
    leaseSeconds: values.OCTOPODS_LEASE_SECONDS,
    retryBaseMs: values.OCTOPODS_RETRY_BASE_MS,
    warnings: unknown.map(name => `${name} is not a setting of Octopods and has no effect.`),
  };
}

function mediaFrom(values: Values): Config['media'] {
  const { OCTOPODS_S3_BUCKET: bucket, OCTOPODS_S3_REGION: region } = values;
  if (values.OCTOPODS_MEDIA_DRIVER === 'local' || bucket === undefined || region === undefined)
    return { driver: 'local' };
  return {
    driver: 's3',
    bucket,
    region,
    endpoint: values.OCTOPODS_S3_ENDPOINT,
    credentials: pair(
      values.OCTOPODS_S3_ACCESS_KEY_ID,
      values.OCTOPODS_S3_SECRET_ACCESS_KEY,
      (accessKeyId, secretAccessKey) => ({ accessKeyId, secretAccessKey }),
    ),
  };
}

function pair<T>(
  first: string | undefined,
  second: string | undefined,
  make: (a: string, b: string) => T,
): T | undefined {
  return first === undefined || second === undefined ? undefined : make(first, second);
}
