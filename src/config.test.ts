import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from './config.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'octopods-config-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const keys = `k1:${Buffer.alloc(32, 7).toString('base64')}`;
const authSecret = 'fake-auth-secret-of-more-than-32-characters';

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('the configuration', () => {
  test('needs nothing, and then is reached from this machine only', () => {
    expect(readConfig({})).toEqual({
      host: '127.0.0.1',
      port: 4000,
      dataDir: resolve('data'),
      role: 'all',
      logLevel: 'info',
      journalDays: 30,
      media: { driver: 'local' },
      workerConcurrency: 64,
      leaseSeconds: 10,
      retryBaseMs: 1000,
      apps: { intercom: undefined },
      warnings: [],
    });
  });

  test('takes everything from the environment', () => {
    const config = readConfig({
      DATABASE_URL: 'postgres://octopods:fake@db.example.com/octopods',
      PORT: '8080',
      OCTOPODS_HOST: '0.0.0.0',
      PUBLIC_URL: 'https://chat.example.com/',
      OCTOPODS_ROLE: 'worker',
      OCTOPODS_ENCRYPTION_KEYS: keys,
      OCTOPODS_AUTH_SECRET: authSecret,
      OCTOPODS_MEDIA_DRIVER: 's3',
      OCTOPODS_S3_BUCKET: 'media',
      OCTOPODS_S3_REGION: 'eu-central-1',
      OCTOPODS_S3_ACCESS_KEY_ID: 'AKIAFAKE',
      OCTOPODS_S3_SECRET_ACCESS_KEY: 'fake-secret',
      OCTOPODS_SMTP_URL: 'smtp://mail.example.com:587',
      OCTOPODS_MAIL_FROM: 'octopods@example.com',
      OCTOPODS_INTERCOM_CLIENT_ID: 'fake-client',
      OCTOPODS_INTERCOM_CLIENT_SECRET: 'fake-secret',
      OCTOPODS_MEDIA_RETENTION_DAYS: '365',
    });
    expect(config).toMatchObject({
      port: 8080,
      publicUrl: 'https://chat.example.com',
      encryptionKeys: [{ id: 'k1' }],
      media: {
        driver: 's3',
        bucket: 'media',
        region: 'eu-central-1',
        credentials: { accessKeyId: 'AKIAFAKE', secretAccessKey: 'fake-secret' },
      },
      smtp: { url: 'smtp://mail.example.com:587', from: 'octopods@example.com' },
      apps: { intercom: { clientId: 'fake-client', clientSecret: 'fake-secret' } },
      mediaRetentionDays: 365,
    });
  });

  test('lists every problem at once, by the variable’s name and what it must be', () => {
    expect(
      problemsOf({
        PORT: 'eighty',
        PUBLIC_URL: 'chat.example.com',
        OCTOPODS_ROLE: 'everything',
        OCTOPODS_LEASE_SECONDS: '0',
        OCTOPODS_MEDIA_DRIVER: 's3',
        OCTOPODS_S3_BUCKET: 'media',
      }),
    ).toEqual([
      'PORT must be a whole number from 0 to 65535; it is "eighty".',
      'PUBLIC_URL must be an address such as https://chat.example.com, without a path; it is "chat.example.com".',
      'OCTOPODS_ROLE must be one of all, http, worker; it is "everything".',
      'OCTOPODS_LEASE_SECONDS must be a whole number from 2 to 300; it is "0".',
      'OCTOPODS_S3_REGION is missing: it is needed when OCTOPODS_MEDIA_DRIVER is s3.',
    ]);
  });

  test('never shows the value of a secret that is wrong', () => {
    const problems = problemsOf({
      OCTOPODS_AUTH_SECRET: 'fake-short',
      OCTOPODS_ENCRYPTION_KEYS: 'k1:ZmFrZQ==',
      DATABASE_URL: 'mysql://octopods:fake-password@localhost/octopods',
    });
    expect(problems).toHaveLength(3);
    expect(problems.join()).toMatch(/OCTOPODS_ENCRYPTION_KEYS.*The key "k1" has 4 bytes and must have 32/);
    expect(problems.join()).not.toMatch(/fake-short|ZmFrZQ|fake-password/);
  });

  test.each(['http', 'worker'])('for the role %s asks for what the processes must share', role => {
    expect(problemsOf({ OCTOPODS_ROLE: role }).map(problem => problem.split(' ', 1)[0])).toEqual([
      'DATABASE_URL',
      'OCTOPODS_ENCRYPTION_KEYS',
      'OCTOPODS_AUTH_SECRET',
    ]);
  });

  test('reads a secret from the file that is named for it', async () => {
    const path = join(folder, 'secret');
    await writeFile(path, `${authSecret}\n`);
    expect(readConfig({ OCTOPODS_AUTH_SECRET_FILE: path }).authSecret).toBe(authSecret);
    expect(problemsOf({ OCTOPODS_AUTH_SECRET_FILE: path, OCTOPODS_AUTH_SECRET: authSecret })).toEqual([
      'OCTOPODS_AUTH_SECRET and OCTOPODS_AUTH_SECRET_FILE are both given; leave one out.',
    ]);
    expect(problemsOf({ OCTOPODS_AUTH_SECRET_FILE: join(folder, 'absent') })).toEqual([
      expect.stringMatching(/^OCTOPODS_AUTH_SECRET_FILE names a file that cannot be read: ENOENT/),
    ]);
  });

  test('takes an empty variable as left out, and names one that has no meaning', () => {
    const config = readConfig({ PORT: ' ', DATABASE_URL: '', OCTOPODS_LOG_LEVLE: 'debug' });
    expect(config).toMatchObject({ port: 4000, databaseUrl: undefined });
    expect(config.warnings).toEqual(['OCTOPODS_LOG_LEVLE is not a setting of Octopods and has no effect.']);
  });
});
