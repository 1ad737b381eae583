import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { consolePages } from '../../src/http/console.ts';
import { buildConsole } from './support/build.ts';

describe('the console’s files', () => {
  let dir: string;
  let app: FastifyInstance;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'octopods-web-'));
    await buildConsole(dir);
    app = Fastify();
    app.setNotFoundHandler((_request, reply) => reply.code(404).send({ code: 'NOT_FOUND' }));
    await app.register(consolePages({ dir }));
  });

  afterAll(async () => {
    await app?.close();
    await rm(dir, { recursive: true, force: true });
  });

  const page = (url: string) => app.inject({ url, headers: { accept: 'text/html' } });

  test('every address of a person gets the page, with a policy and a nonce of its own', async () => {
    const [first, second] = [await page('/'), await page('/workspaces/some-id?q=x')];
    for (const answer of [first, second]) {
      expect(answer.statusCode).toBe(200);
      expect(answer.headers['cache-control']).toBe('no-cache');
      const nonce = /'nonce-([^']+)'/.exec(String(answer.headers['content-security-policy']))?.[1] ?? '';
      expect(nonce).toHaveLength(24);
      expect(answer.body).toContain(`content="${nonce}"`);
      expect(answer.headers['content-security-policy']).not.toContain('unsafe');
    }
    expect(first.body).not.toBe(second.body);
  });

  test('the page holds no inline script and no inline style', async () => {
    const { body } = await page('/');
    expect(body).not.toMatch(/<style|style=|<script(?![^>]*src=)/);
  });

  test('addresses of programs are not pages', async () => {
    for (const url of ['/api/v1/nothing', '/hooks/x', '/media/x', '/docs/x', '/assets/gone.js']) {
      expect((await page(url)).statusCode, url).toBe(404);
    }
    expect((await app.inject({ url: '/workspaces', headers: { accept: 'application/json' } })).statusCode).toBe(404);
    expect((await app.inject({ method: 'POST', url: '/workspaces' })).statusCode).toBe(404);
  });

  test('files with a hash in their name are kept for good, others are asked for again', async () => {
    const [script = ''] = await firstScripts();
    const answer = await app.inject({ url: script, headers: { 'accept-encoding': 'gzip, br' } });
    expect(answer.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-encoding': 'br',
      'content-type': 'text/javascript; charset=utf-8',
    });
    const icon = await app.inject({ url: '/octopods.svg' });
    expect(icon.headers['cache-control']).toBe('no-cache');
    const again = await app.inject({ url: '/octopods.svg', headers: { 'if-none-match': String(icon.headers.etag) } });
    expect(again.statusCode).toBe(304);
  });

  test('the first load is at most 300 KB of compressed script', async () => {
    const sizes = await Promise.all(
      (await firstScripts()).map(async url => gzipSync((await app.inject({ url })).rawPayload).length),
    );
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(300_000);
  });

  test('a folder without a build is refused in words', async () => {
    const other = Fastify();
    await expect(other.register(consolePages({ dir: import.meta.dirname })).ready()).rejects.toThrow('vite build');
  });

  /** What the page loads before it shows anything. */
  async function firstScripts(): Promise<string[]> {
    return [...(await page('/')).body.matchAll(/(?:src|href)="([^"]+\.js)"/g)].map(([, url = '']) => url);
  }
});
