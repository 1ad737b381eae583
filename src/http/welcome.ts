import type { FastifyPluginAsync } from 'fastify';
import type { Pool } from '../db/pool.ts';
import { hasOwner } from '../features/accounts/setup.routes.ts';
import { problemKinds } from '../features/shared/problem-kinds.ts';
import { escapeHtml, page, pageSecurity } from './html.ts';

const logo = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" fill="none" stroke="currentColor" stroke-width="3" stroke-linecap="round" aria-hidden="true">
<path d="M12 26V18a12 12 0 0 1 24 0v8"/><path d="M12 26c0 6-2 8-7 9M19 28c0 7-2 12-7 14M24 28v14M29 28c0 7 2 12 7 14M36 26c0 6 2 8 7 9"/>
<circle cx="19.5" cy="19" r="1" fill="currentColor"/><circle cx="28.5" cy="19" r="1" fill="currentColor"/></svg>`;

/** Browsers ask for it unasked. */
const icon = logo.replace('<svg ', '<svg color="#0b6e6e" ');

/** What stands at `/`: the server runs, and how to go on. */
export function welcomePage({ pool, publicUrl }: { pool: Pool; publicUrl: string | undefined }): FastifyPluginAsync {
  return async app => {
    app.get<{ Querystring: Record<string, unknown> }>(
      '/',
      { schema: { hide: true }, helmet: pageSecurity },
      async (request, reply) => {
        const address = publicUrl ?? `${request.protocol}://${request.host}`;
        const body = [news(request.query), steps(address, await hasOwner(pool))].join('');
        return reply
          .type('text/html; charset=utf-8')
          .header('cache-control', 'no-store')
          .send(page('Octopods', head + body + links));
      },
    );
    app.get('/favicon.ico', { schema: { hide: true } }, async (_request, reply) =>
      reply.type('image/svg+xml').send(icon),
    );
  };
}

const head = `<header>${logo}<h1>Octopods</h1><span class="pill">running</span></header>
<p>Joins the channels your customers write on with the inbox you answer in.</p>`;

const links = `<nav><a href="/docs">API reference</a><a href="/docs/errors">Errors</a><a href="/healthz">Health</a></nav>`;

/** Where a login at a platform comes back to, it leaves word in the query. */
function news(query: Record<string, unknown>): string {
  if (query.connected !== undefined) {
    return card('good', 'The workspace is connected', 'Its channels come next: POST /api/v1/channels.');
  }
  const kind = Object.entries(problemKinds).find(([code]) => code === query.problem)?.[1];
  return kind ? card('bad', 'The workspace is not connected', `${kind.title}. ${kind.remedy}`) : '';
}

function steps(address: string, owned: boolean): string {
  return owned
    ? card('good', 'This installation has its owner', 'Others come in by invitation.') +
        signIn(address) +
        connect(address)
    : createOwner(address) + signIn(address) + connect(address);
}

function createOwner(address: string): string {
  return card(
    '',
    'Create the owner',
    'Nobody can sign in yet. Whoever does this first owns the installation.',
    `curl ${address}/api/v1/setup \\
  -H 'content-type: application/json' \\
  -d '{"name":"Your name","email":"you@company.example",
       "password":"ten characters or more","accountName":"Company"}'`,
  );
}

function signIn(address: string): string {
  return card(
    '',
    'Sign in and make an API key',
    'The key is shown once. Send it as X-Octopods-Auth.',
    `curl -c cookies ${address}/api/auth/sign-in/email \\
  -H 'content-type: application/json' \\
  -d '{"email":"you@company.example","password":"…"}'

curl -b cookies ${address}/api/v1/api-keys \\
  -H 'content-type: application/json' -d '{"name":"My first key"}'`,
  );
}

function connect(address: string): string {
  return card(
    '',
    'See a message go through',
    'The first command plays the whole way in the sandbox. The second lists what can be connected, and what each needs.',
    `npm run try

curl ${address}/api/v1/adapters -H "X-Octopods-Auth: $KEY"`,
  );
}

function card(tone: '' | 'good' | 'bad', title: string, text: string, command?: string): string {
  const shown = command === undefined ? '' : `<pre tabindex="0">${escapeHtml(command)}</pre>`;
  return `<section class="card ${tone}"><h2>${escapeHtml(title)}</h2><p>${escapeHtml(text)}</p>${shown}</section>`;
}
