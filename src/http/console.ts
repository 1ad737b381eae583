import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';

/** What `vite build` makes of web/. */
export interface ConsoleOptions {
  /** The folder with the built files, `index.html` among them. */
  dir: string;
}

interface File {
  bytes: Buffer;
  type: string;
  etag: string;
  /** Vite puts a hash of the contents into these names, so that they never change. */
  immutable: boolean;
  /** Made at the first request that takes it; undefined for what is compressed already. */
  brotli?: Promise<Buffer>;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

const compressible = new Set(['.html', '.js', '.css', '.svg', '.json']);
const placeholder = '__CSP_NONCE__';
const compress = promisify(brotliCompress);

/** Addresses that belong to programs: an unknown one is answered with a problem document, not with a page. */
const notPages = /^\/(api|hooks|media|docs|livez|healthz|metrics)(\/|$)/;

/**
 * The web console: its files, and `index.html` for every address that a person may open, since the console finds its way
 * by itself. The files are read once, at start.
 * @throws Error when `dir` holds no built console.
 */
export function consolePages({ dir }: ConsoleOptions): FastifyPluginAsync {
  return async app => {
    const files = await readFiles(dir);
    const index = files.get('/index.html');
    if (!index) throw new Error(`There is no built console in ${dir}: run "vite build --config web/vite.config.ts".`);
    const page = index.bytes.toString();

    app.get('/*', { schema: { hide: true } }, async (request, reply) => {
      const path = new URL(request.url, 'http://console').pathname;
      const file = files.get(path);
      if (file && file !== index) return sendFile(file, request, reply);
      if (notPages.test(path) || extname(path) !== '' || !takesPages(request)) return reply.callNotFound();
      return sendPage(page, reply);
    });
  };
}

async function readFiles(dir: string): Promise<Map<string, File>> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const found = entries
    .filter(entry => entry.isFile())
    .map(async (entry): Promise<[string, File]> => {
      const file = join(entry.parentPath, entry.name);
      const bytes = await readFile(file);
      const path = `/${relative(dir, file).split(sep).join('/')}`;
      const type = types[extname(file)] ?? 'application/octet-stream';
      const etag = `"${createHash('sha256').update(bytes).digest('base64url')}"`;
      return [path, { bytes, type, etag, immutable: path.startsWith('/assets/') }];
    });
  return new Map(await Promise.all(found));
}

async function sendFile(file: File, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  reply.headers({
    etag: file.etag,
    'cache-control': file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    vary: 'accept-encoding',
  });
  if (request.headers['if-none-match'] === file.etag) return reply.code(304).send();
  reply.type(file.type);
  if (!shrinks(file) || !/\bbr\b/.test(request.headers['accept-encoding'] ?? '')) return reply.send(file.bytes);
  file.brotli ??= compress(file.bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } });
  return reply.header('content-encoding', 'br').send(await file.brotli);
}

function shrinks({ type }: File): boolean {
  return [...compressible].some(ending => types[ending] === type);
}

function takesPages({ headers }: FastifyRequest): boolean {
  return headers.accept === undefined || /text\/html|\*\/\*/.test(headers.accept);
}

function sendPage(page: string, reply: FastifyReply): FastifyReply {
  const nonce = randomBytes(18).toString('base64');
  return reply
    .type('text/html; charset=utf-8')
    .headers({ 'cache-control': 'no-cache', 'content-security-policy': policy(nonce) })
    .send(page.replaceAll(placeholder, nonce));
}

/**
 * No inline script. Mantine makes a few style elements at run time, which carry the nonce; style attributes in the page's
 * text stay forbidden, and those that scripts set one by one need no leave.
 */
function policy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self'",
    "media-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
