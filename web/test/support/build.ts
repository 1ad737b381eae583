import { join } from 'node:path';
import { build } from 'vite';

/** Builds the console as it is into a folder of the test's own. */
export async function buildConsole(dir: string): Promise<void> {
  await build({
    configFile: join(import.meta.dirname, '../../vite.config.ts'),
    logLevel: 'error',
    build: { outDir: dir, emptyOutDir: true },
  });
}
