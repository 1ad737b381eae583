import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, copyFile, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

let folder: string;
const children: ChildProcess[] = [];

/** An installation whose program says which Node runs it, and waits for a signal where it is told to. */
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'octopods-bin-')));
  await mkdir(join(folder, 'bin'));
  await mkdir(join(folder, 'src', 'cli'), { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await copyFile(join(import.meta.dirname, '..', 'bin', 'octopods.js'), join(folder, 'bin', 'octopods.js'));
  await writeFile(
    join(folder, 'src', 'cli', 'main.ts'),
    `const [, , task, ...rest]: string[] = process.argv;
     if (task === 'fail') process.exitCode = 3;
     if (task === 'wait') {
       setInterval(() => undefined, 1000);
       process.on('SIGTERM', () => process.exit(7));
     }
     process.stdout.write(\`Node \${process.versions.node}, via \${process.env.LAUNCHED_VIA}: \${[task, ...rest].join(' ')}\\n\`);
     if (task === 'die') process.kill(process.pid, 'SIGKILL');`,
  );
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

/** Stands in for the Node that npm brings along: the one that runs this test, by another path. */
async function bringNodeAlong(): Promise<void> {
  const node = join(folder, 'node_modules', 'node');
  await mkdir(join(node, 'bin'), { recursive: true });
  await writeFile(join(node, 'package.json'), '{ "name": "node" }');
  const script = `#!/bin/sh\nLAUNCHED_VIA=npm exec '${process.execPath}' "$@"\n`;
  await writeFile(join(node, 'bin', 'node'), script);
  await chmod(join(node, 'bin', 'node'), 0o755);
}

/** Makes the Node that starts first believe that it is this version; the one it starts knows better. */
function pretend(version: string): string[] {
  const code = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`;
  return ['--import', `data:text/javascript,${encodeURIComponent(code)}`];
}

function octopods(nodeOptions: string[], ...args: string[]) {
  const child = spawn(process.execPath, [...nodeOptions, join(folder, 'bin', 'octopods.js'), ...args], {
    env: { ...process.env, LAUNCHED_VIA: 'itself' },
  });
  children.push(child);
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', chunk => {
    output += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', chunk => {
    errors += chunk;
  });
  const ended = once(child, 'close').then(([code]: (number | null)[]) => ({ code, output, errors }));
  return { child, ended, speaks: once(child.stdout, 'data') };
}

test('a Node that is new enough runs the program itself', async () => {
  const { code, output } = await octopods([], 'doctor', '--verbose').ended;
  expect(output).toBe(`Node ${process.versions.node}, via itself: doctor --verbose\n`);
  expect(code).toBe(0);
});

test.each(['20.20.2', '22.18.0'])(
  'Node %s hands over to the Node that npm brought along, with arguments and exit code',
  async version => {
    await bringNodeAlong();
    const { code, output } = await octopods(pretend(version), 'fail', 'two words').ended;
    expect(output).toBe(`Node ${process.versions.node}, via npm: fail two words\n`);
    expect(code).toBe(3);
  },
);

test('an older Node passes signals on, and ends as the program ends', async () => {
  await bringNodeAlong();
  const waiting = octopods(pretend('20.20.2'), 'wait');
  await waiting.speaks;
  waiting.child.kill('SIGTERM');
  expect((await waiting.ended).code).toBe(7);
  expect((await octopods(pretend('20.20.2'), 'die').ended).code).toBe(128 + 9);
});

test('an older Node without the one from npm says what to run', async () => {
  const { code, errors } = await octopods(pretend('20.20.2'), 'start').ended;
  expect(code).toBe(1);
  expect(errors).toMatch(
    /^Octopods needs Node 24; this is Node 20\.20\.2.*npm install-scripts approve node.*npm rebuild node/,
  );
  expect(errors.trim().split('\n')).toHaveLength(1);
});
