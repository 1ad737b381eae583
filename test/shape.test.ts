import { existsSync } from 'node:fs';
import { glob, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { channels } from '../src/channels/registry.ts';
import { readmeSections } from '../src/cli/docs/adapter-page.ts';
import { platforms } from '../src/platforms/registry.ts';

const root = join(import.meta.dirname, '..');
const adapters = [
  ...(await foldersIn('src/channels')).map(id => ({ side: 'channels', id, registry: channels, carries: 'send' })),
  ...(await foldersIn('src/platforms')).map(id => ({ side: 'platforms', id, registry: platforms, carries: 'deliver' })),
];

describe.each(adapters)('$side/$id', ({ side, id, registry, carries }) => {
  const folder = `src/${side}/${id}`;

  test('is registered under the name of its folder', () => {
    expect(registry.get(id)?.manifest.id).toBe(id);
  });

  test('has its files, and tests beside those that matter most', () => {
    const files = ['index', 'manifest', 'capabilities', 'verify', 'normalise', 'connect', carries];
    const tests = ['verify', 'normalise', 'connect', carries];
    expect(absent([...files.map(name => `${name}.ts`), ...tests.map(name => `${name}.test.ts`)], folder)).toEqual([]);
  });

  test('has a README with the sections that every adapter has', async () => {
    const headings = (await read(`${folder}/README.md`)).match(/^## .+$/gm);
    expect(headings).toEqual(readmeSections.map(section => `## ${section}`));
  });

  test('has no source file of more than 300 lines', async () => {
    const sources = await filesIn(folder, name => !name.endsWith('.test.ts'));
    const long = [];
    for (const file of sources) {
      const lines = (await read(file)).split('\n').length - 1;
      if (lines > 300) long.push(`${file}: ${lines} lines`);
    }
    expect(long).toEqual([]);
  });

  test('has a double in the sandbox', async () => {
    // One double may play several adapters' vendor: `twilio` plays for `twilio-sms`.
    const doubles = await foldersIn('src/sandbox');
    expect(doubles.filter(double => id === double || id.startsWith(`${double}-`))).toHaveLength(1);
  });
});

describe.each([...channels.keys()])('channel %s', id => {
  test('has a player in the conformance runner', async () => {
    expect(absent([`${id}.ts`], 'test/conformance/vendors')).toEqual([]);
    expect(await read('test/conformance/main.ts')).toContain(`'./vendors/${id}.ts'`);
  });

  test('has a scene that `npm run try` can play', async () => {
    const scenes = await filesIn('src/cli/try');
    const own: string[] = [];
    for (const file of scenes) if ((await read(file)).includes(`channel: '${id}'`)) own.push(file);
    expect(own).toHaveLength(1);
    expect(await read('src/cli/try.ts')).toContain(`'./try/${own[0]?.split('/').at(-1)}'`);
  });
});

test('nothing between channels and platforms contains the name of one', async () => {
  const manifests = [...channels.values(), ...platforms.values()].map(({ manifest }) => manifest);
  const names = [...new Set(manifests.flatMap(({ id, label, provider }) => [id, label, provider.name]))];
  const name = new RegExp(`(?<!\\w)(${names.map(text => text.replace(/\W/g, '\\$&')).join('|')})(?!\\w)`, 'i');
  const found: string[] = [];
  for (const layer of ['relay', 'features', 'http']) {
    for (const file of await filesIn(`src/${layer}`, path => !/testing|\.test\.ts$/.test(path))) {
      for (const [i, line] of (await read(file)).split('\n').entries()) {
        if (name.test(line)) found.push(`${file}:${i + 1}: ${line.trim()}`);
      }
    }
  }
  expect(found).toEqual([]);
});

async function foldersIn(path: string): Promise<string[]> {
  const entries = await readdir(join(root, path), { withFileTypes: true });
  return entries.filter(entry => entry.isDirectory()).map(entry => entry.name);
}

function filesIn(path: string, wanted: (path: string) => boolean = () => true): Promise<string[]> {
  return Array.fromAsync(glob(`${path}/**/*.ts`, { cwd: root })).then(files => files.filter(wanted));
}

function absent(names: readonly string[], folder: string): string[] {
  return names.filter(name => !existsSync(join(root, folder, name)));
}

function read(path: string): Promise<string> {
  return readFile(join(root, path), 'utf8');
}
