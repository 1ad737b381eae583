#!/usr/bin/env node
// Plain JavaScript for any Node from 20 on: Octopods itself needs Node 24, which npm brings along as the package "node".
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const needed = 24;

if (Number(process.versions.node.split('.', 1)[0]) >= needed) {
  await import('../src/cli/main.ts');
} else {
  const node = bundledNode();
  if (node === undefined) {
    process.stderr.write(
      `Octopods needs Node ${needed}; this is Node ${process.versions.node}, and the Node that npm brings along is not there. ` +
        'Most likely npm was not allowed to run its install script. In the folder of Octopods run ' +
        '`npm install-scripts approve node` and then `npm rebuild node`.\n',
    );
    process.exit(1);
  }
  runWith(node);
}

/**
 * Undefined where it was not installed, and where it is what runs already: then it is too old itself.
 * @returns {string | undefined}
 */
function bundledNode() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  let manifest;
  try {
    manifest = createRequire(import.meta.url).resolve('node/package.json');
  } catch (error) {
    if (error.code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
  const path = join(dirname(manifest), 'bin', name);
  return existsSync(path) && realpathSync(path) !== realpathSync(process.execPath) ? path : undefined;
}

/**
 * Starts this file once more and stands in for it: signals go to it, and its end is ours.
 * @param {string} node
 */
function runWith(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', error => {
    process.stderr.write(`${node} cannot be run: ${error.message}\n`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}
