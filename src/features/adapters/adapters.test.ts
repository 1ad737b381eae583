import Fastify from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { expect, test } from 'vitest';
import { channels } from '../../channels/registry.ts';
import { platforms } from '../../platforms/registry.ts';
import { adapterRoutes } from './routes.ts';

test('every adapter of this installation can be shown: form, steps, capabilities', async () => {
  const app = Fastify();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  await app.register(adapterRoutes({ channels, platforms, apps: new Map() }));
  const answer = await app.inject('/adapters');
  expect(answer.statusCode).toBe(200);
  const body = answer.json<Record<'channels' | 'platforms', { id: string; config: { properties: object } }[]>>();
  expect(body.channels.map(channel => channel.id)).toEqual([...channels.keys()]);
  expect(body.platforms.map(platform => platform.id)).toEqual([...platforms.keys()]);
  for (const { config } of [...body.channels, ...body.platforms]) {
    expect(Object.keys(config.properties).length).toBeGreaterThan(0);
    for (const field of Object.values(config.properties)) expect(field).toMatchObject({ title: expect.any(String) });
  }
});
