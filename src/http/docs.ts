import { createHash } from 'node:crypto';
import apiReference from '@scalar/fastify-api-reference';
import type { FastifyPluginAsync } from 'fastify';
import { problemKinds } from '../features/shared/problem-kinds.ts';
import { escapeHtml, page, pageSecurity } from './html.ts';

/** The reference page at /docs and the errors at /docs/errors. Everything is served from here; nothing is fetched elsewhere. */
export const docs: FastifyPluginAsync = async app => {
  app.get('/docs/errors', { schema: { hide: true }, helmet: pageSecurity }, async (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(errorsPage),
  );

  await app.register(async reference => {
    reference.addHook('onSend', async (_request, reply, payload) => {
      const isPage = String(reply.getHeader('content-type')).startsWith('text/html');
      if (isPage && typeof payload === 'string') reply.header('content-security-policy', referencePolicy(payload));
      else reply.header('cache-control', 'public, max-age=3600');
      return payload;
    });
    await reference.register(apiReference, {
      routePrefix: '/docs',
      configuration: {
        url: '/api/openapi.json',
        pageTitle: 'Octopods API',
        withDefaultFonts: false,
        telemetry: false,
        hideClientButton: true,
        showDeveloperTools: 'never',
        agent: { disabled: true },
        mcp: { disabled: true },
      },
    });
  });
};

/** Lets in our own bundle and the page's one inline script; its styles are made at run time. */
function referencePolicy(html: string): string {
  const scripts = html.matchAll(/<script(?<attributes>[^>]*)>(?<text>[\s\S]*?)<\/script>/g);
  const inline = [...scripts]
    .filter(({ groups }) => !/\ssrc=/.test(groups?.attributes ?? ''))
    .map(({ groups }) => `'sha256-${sha256(groups?.text ?? '')}'`);
  return [
    "default-src 'none'",
    `script-src 'self' ${inline.join(' ')}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}

const errorsPage = page(
  'Errors of Octopods',
  `<header><h1>Errors</h1></header>
<p>Every error is answered with a problem document (RFC 9457). Branch on <code>code</code>; look for <code>request_id</code> in the server’s log.</p>
<section class="card"><dl>${Object.entries(problemKinds)
    .map(
      ([code, { status, title, remedy }]) =>
        `<dt id="${code.toLowerCase()}"><code>${code}</code> · ${status}</dt><dd>${words(`${title}. ${remedy}`)}</dd>`,
    )
    .join('\n')}</dl></section>
<nav><a href="/docs">API reference</a><a href="/">Start</a></nav>`,
);

/** Backticks become code, as in docs/errors.md. */
function words(text: string): string {
  return escapeHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>');
}
