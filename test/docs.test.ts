import { existsSync } from 'node:fs';
import { glob, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { documents, generatedFolders } from '../src/cli/docs/documents.ts';

const root = join(import.meta.dirname, '..');

describe('generated documents say what the source says: run `npm run docs`', () => {
  test.each([...documents()])('%s', async (path, content) => {
    expect(await readFile(join(root, path), 'utf8')).toBe(content);
  });

  test('and there are none of adapters that are gone', async () => {
    const present = await Array.fromAsync(
      glob(
        generatedFolders.map(folder => `${folder}/*`),
        { cwd: root },
      ),
    );
    expect(present.filter(path => !documents().has(path))).toEqual([]);
  });
});

describe('links lead somewhere', async () => {
  const pages = await Array.fromAsync(glob(['*.md', 'docs/**/*.md', 'src/**/README.md'], { cwd: root }));

  test.each(pages)('in %s', async page => {
    const dead: string[] = [];
    for (const link of linksOf(await readFile(join(root, page), 'utf8'))) {
      if (/^(https?|mailto):/.test(link)) continue;
      const [path = '', anchor] = link.split('#');
      const file = path === '' ? join(root, page) : resolve(root, dirname(page), path);
      if (!existsSync(file)) dead.push(link);
      else if (anchor !== undefined && !(await anchorsOf(file)).includes(anchor)) dead.push(link);
    }
    expect(dead).toEqual([]);
  });

  test('and the links in them are found', () => {
    expect(pages).toContain('README.md');
    expect(linksOf('See [a](b.md#c) and\n```\n[not](this.md)\n```\n`[nor](this)` but ![x](y.png).')).toEqual([
      'b.md#c',
      'y.png',
    ]);
  });
});

function linksOf(markdown: string): string[] {
  return [...withoutCode(markdown).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
}

function withoutCode(markdown: string): string {
  return markdown.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '');
}

/** What one can link to in a page: its headings, as they are written in an address. */
async function anchorsOf(file: string): Promise<string[]> {
  const headings = (await readFile(file, 'utf8')).matchAll(/^#+ (.+)$/gm);
  return Array.from(headings, ([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
