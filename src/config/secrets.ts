import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { createOnce, readIfPresent } from '../db/embedded/files.ts';
import { formatKeyRing, type KeyRing, makeKey, parseKeyRing } from '../db/vault.ts';

/** What an installation cannot do without, and would be useless if it changed. */
export interface Secrets {
  encryptionKeys: KeyRing;
  authSecret: string;
}

/** What secrets.json holds. */
const stored = z.object({ encryptionKeys: z.string().transform(parseKeyRing), authSecret: z.string().min(32) });

/**
 * The secrets that were given, completed by those in `<dataDir>/secrets.json`, which is made at first start and readable for
 * this account only. Whoever backs up the database must back up this file too: the credentials in it open with nothing else.
 * Throws where the file is there but damaged; it is never replaced.
 */
export async function loadOrMakeSecrets(dataDir: string, given: Partial<Secrets> = {}): Promise<Secrets> {
  const { encryptionKeys, authSecret } = given;
  if (encryptionKeys !== undefined && authSecret !== undefined) return { encryptionKeys, authSecret };
  const kept = await keptSecrets(dataDir);
  return { encryptionKeys: encryptionKeys ?? kept.encryptionKeys, authSecret: authSecret ?? kept.authSecret };
}

async function keptSecrets(dataDir: string): Promise<Secrets> {
  const path = join(dataDir, 'secrets.json');
  const present = await readIfPresent(path);
  if (present !== undefined) return read(present, path);
  await mkdir(dataDir, { recursive: true });
  const made = { encryptionKeys: formatKeyRing([makeKey()]), authSecret: randomBytes(32).toString('base64url') };
  const text = `${JSON.stringify(made, null, 2)}\n`;
  if (await createOnce(path, text)) return read(text, path);
  return keptSecrets(dataDir);
}

function read(text: string, path: string): Secrets {
  try {
    return stored.parse(JSON.parse(text));
  } catch {
    // Without the cause: a JSON error quotes what it stumbled over, and everything in this file is secret.
    throw new Error(
      `${path} is damaged. It holds the keys of all stored credentials: bring it back from a backup. If there is none, ` +
        'remove it, and connect every channel and workspace anew.',
    );
  }
}
