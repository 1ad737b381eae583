import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { documents, generatedFolders } from './docs/documents.ts';

// `npm run docs`: writes every document that is generated from the source, and takes away those of adapters that are gone.
const root = join(import.meta.dirname, '../..');
for (const folder of generatedFolders) await rm(join(root, folder), { recursive: true, force: true });
for (const [path, content] of documents()) {
  const file = join(root, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  console.log(path);
}
