import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

// Before the server starts: the console is built when it never was, or when its sources are newer than what was built.
const web = resolve(import.meta.dirname, '..');
const built = resolve(web, '../dist/web/index.html');

if ((await newest(web)) > (await changed(built))) {
  const vite = await import('vite').catch(() => undefined);
  if (vite) await vite.build({ configFile: join(web, 'vite.config.ts'), logLevel: 'warn' });
  else
    console.log('The console cannot be built here, as the development dependencies are not installed; the API works.');
}

async function newest(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter(entry => entry.isFile() && !entry.parentPath.includes('/test'));
  return Math.max(...(await Promise.all(files.map(file => changed(join(file.parentPath, file.name))))));
}

/** 0 for what does not exist. */
async function changed(path: string): Promise<number> {
  return stat(path).then(
    found => found.mtimeMs,
    () => 0,
  );
}
