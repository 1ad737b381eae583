import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../../shared/', import.meta.url));

/** Where the vendors' contracts and the conformance cases lie, beside the project; undefined where that folder is absent. */
function sharedDir(): string | undefined {
  if (existsSync(folder)) return folder;
  if (process.env.OCTOPODS_REQUIRE_SHARED === '1')
    throw new Error('The folder ../shared is needed here, and it is absent.');
  return undefined;
}

export function contractsDir(): string | undefined {
  const shared = sharedDir();
  return shared === undefined ? undefined : `${shared}contracts`;
}
