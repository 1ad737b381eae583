import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createVault, makeKey } from '../db/vault.ts';
import { loadOrMakeSecrets } from './secrets.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'octopods-secrets-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const authSecret = 'fake-auth-secret-of-more-than-32-characters';

describe('the secrets', () => {
  test('are made at first start, for this account only, and are the same from then on', async () => {
    const dataDir = join(folder, 'data');
    const first = await loadOrMakeSecrets(dataDir);
    const sealed = createVault(first.encryptionKeys).seal('fake-token', 'channel:1');
    expect((await stat(join(dataDir, 'secrets.json'))).mode & 0o777).toBe(0o600);
    expect(await readdir(dataDir)).toEqual(['secrets.json']);

    const second = await loadOrMakeSecrets(dataDir);
    expect(createVault(second.encryptionKeys).open(sealed, 'channel:1')).toBe('fake-token');
    expect(second.authSecret).toBe(first.authSecret);
  });

  test('are the same for all who start at the same moment', async () => {
    const made = await Promise.all(Array.from({ length: 5 }, () => loadOrMakeSecrets(folder)));
    expect(new Set(made.map(({ authSecret: secret }) => secret)).size).toBe(1);
  });

  test('come from the environment where it gives them, and then leave no file', async () => {
    const given = { encryptionKeys: [makeKey()] as const, authSecret };
    expect(await loadOrMakeSecrets(folder, given)).toEqual(given);
    expect(await readdir(folder)).toEqual([]);
    expect((await loadOrMakeSecrets(folder, { authSecret })).authSecret).toBe(authSecret);
  });

  test.each(['', '{"encryptionKeys":"fake-half', '{}'])('are not replaced when the file holds %j', async content => {
    await writeFile(join(folder, 'secrets.json'), content);
    const refusal = loadOrMakeSecrets(folder);
    await expect(refusal).rejects.toThrow(/secrets\.json is damaged.*backup/);
    expect((await stat(join(folder, 'secrets.json'))).size).toBe(content.length);
  });
});
