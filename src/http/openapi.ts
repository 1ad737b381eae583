import swagger, { type SwaggerTransformObject } from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';

type Security = Record<string, string[]>[];

export const sessionOnly: Security = [{ session: [] }];
export const sessionOrKey: Security = [{ apiKey: [] }, { bearer: [] }, { session: [] }];

const tags = [
  ['Sign-in', 'Sessions, password and second factor of a person.'],
  ['Accounts', 'The first owner, who is signed in, and joining by invitation.'],
  ['Team', 'Members and invitations.'],
  ['API keys', 'Keys for programs.'],
  ['Adapters', 'The kinds of channels and platforms that can be connected.'],
  ['Workspaces', 'Links to one workspace of a platform each.'],
  ['Channels', 'Connected messaging identities.'],
  ['Conversations', 'One contact on one channel.'],
  ['Messages', 'What was said, what became of it, and sending again.'],
  ['Audit log', 'Who changed what.'],
] as const;

/** Generates the OpenAPI document from the routes registered after this. */
export async function describeApi(app: FastifyInstance, options: { version: string }): Promise<void> {
  const transformObject = createJsonSchemaTransformObject({});
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Octopods',
        version: options.version,
        description:
          'Joins the channels customers write on with the inbox a business answers in. Lists are paginated by cursor; every POST of somebody who is signed in takes an Idempotency-Key; every error is a problem document (RFC 9457), explained at /docs/errors.',
      },
      servers: [{ url: '/' }],
      tags: tags.map(([name, description]) => ({ name, description })),
      components: {
        securitySchemes: {
          apiKey: { type: 'apiKey', in: 'header', name: 'X-Octopods-Auth' },
          bearer: { type: 'http', scheme: 'bearer', description: 'The API key as a bearer token.' },
          session: { type: 'apiKey', in: 'cookie', name: 'octopods.session_token' },
        },
      },
    },
    transform: createJsonSchemaTransform({}),
    transformObject: document => withoutUnused(transformObject(document)),
  });

  app.get('/api/openapi.json', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('application/json').send(app.swagger()),
  );
}

/** Every named schema is generated once for requests and once for answers; most are only ever used in one of them. */
function withoutUnused(document: ReturnType<SwaggerTransformObject>): ReturnType<SwaggerTransformObject> {
  const schemas = ('components' in document && document.components?.schemas) || {};
  const used = new Set<string>();
  const open: unknown[] = [{ ...document, components: {} }];
  for (let item = open.pop(); item !== undefined; item = open.pop()) {
    for (const [, name = ''] of JSON.stringify(item).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (!used.has(name)) open.push(schemas[name]);
      used.add(name);
    }
  }
  for (const name of Object.keys(schemas)) {
    if (!used.has(name)) delete schemas[name];
  }
  return document;
}
