import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';

const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

interface Run {
  child: ChildProcess;
  output(): string;
  /** Resolves when the output holds the words. */
  says(words: string): Promise<void>;
  code: Promise<number | null>;
}

/** A process that uses a shutdown as `script` says, with `shutdown` and `say` at hand. */
async function run(script: string, options = '{ logger }'): Promise<Run> {
  const source = `
    import pino from 'pino';
    import { createShutdown } from ${JSON.stringify(new URL('./shutdown.ts', import.meta.url).href)};
    const say = words => process.stdout.write(words + '\\n');
    const logger = pino({ level: 'info' }, { write: line => say(JSON.parse(line).msg) });
    const shutdown = createShutdown(${options});
    const alive = setInterval(() => undefined, 1000);
    ${script}
    say('ready');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', chunk => {
    output += chunk;
  });
  const says = async (words: string) => {
    while (!output.includes(words)) await once(child.stdout, 'data');
  };
  await says('ready');
  const code = once(child, 'close').then(([exitCode]: (number | null)[]) => exitCode ?? null);
  return { child, output: () => output, says, code };
}

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
  '%s closes the parts, the last added first, and exits with 0',
  async signal => {
    const { child, output, code } = await run(`
    shutdown.add('database', async () => say('closes database'));
    shutdown.add('server', async () => { await new Promise(setImmediate); say('closes server'); });`);
    child.kill(signal);
    expect(await code).toBe(0);
    expect(output().trim().split('\n')).toEqual(['ready', 'Stopping', 'closes server', 'closes database', 'Stopped']);
  },
);

test('a part that cannot be closed does not keep the others from closing, and shows in the exit code', async () => {
  const { child, output, code } = await run(`
    shutdown.add('database', async () => say('closes database'));
    shutdown.add('server', async () => { throw new Error('fake'); });`);
  child.kill('SIGTERM');
  expect(await code).toBe(1);
  expect(output()).toMatch(/Could not be closed in order\ncloses database\n/);
});

test('the process ends with 1 when its parts take longer than the limit', async () => {
  const { child, output, code } = await run(
    `shutdown.add('server', () => new Promise(() => {}));`,
    '{ logger, limit: 50 }',
  );
  child.kill('SIGTERM');
  expect(await code).toBe(1);
  expect(output()).toContain('Stopping took too long');
});

test('the same Ctrl-C arriving twice does not cut the closing short', async () => {
  const { child, says, code, output } = await run(`
    shutdown.add('server', async () => {
      say('closing');
      await new Promise(resolve => setTimeout(resolve, 300));
      say('closes server');
    });`);
  child.kill('SIGINT');
  await says('closing');
  child.kill('SIGINT');
  expect(await code).toBe(0);
  expect(output()).toContain('closes server');
});

test('a second signal later on ends the process at once, with the signal’s own code', async () => {
  const { child, says, code } = await run(`
    shutdown.add('server', () => {
      setTimeout(() => say('still closing'), 1100);
      return new Promise(() => {});
    });`);
  child.kill('SIGTERM');
  await says('still closing');
  child.kill('SIGINT');
  expect(await code).toBe(130);
});

test('an error that ends the process closes the parts too, and exits with 1', async () => {
  const { output, code } = await run(`
    shutdown.add('database', async () => say('closes database'));
    setImmediate(() => shutdown.end(new Error('fake')));`);
  expect(await code).toBe(1);
  expect(output()).toMatch(/Ending because of an error\nStopping\ncloses database\nStopped\n/);
});
