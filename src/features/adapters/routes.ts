import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { type ZodType, z } from 'zod';
import type { Manifest } from '../../contract/adapter.ts';
import type { Capabilities } from '../../contract/capabilities.ts';
import type { Dependencies } from '../dependencies.ts';
import { capabilities } from '../shared/capabilities.ts';

const step = z.object({
  title: z.string(),
  text: z.string().meta({ description: 'Markdown.' }),
  link: z.string().optional(),
  field: z.string().optional().meta({ description: 'The configuration field this step yields.' }),
});

const adapter = z.object({
  id: z.string(),
  label: z.string(),
  summary: z.string(),
  provider: z.object({ name: z.string(), docs: z.string() }),
  config: z.record(z.string(), z.unknown()).meta({
    description:
      'JSON Schema of the configuration. `secret`: never shown again. `generated`: made or found on connecting, not asked for.',
  }),
  steps: z.array(step),
  capabilities: capabilities.meta({ description: 'Of a fresh connection; a connected channel can differ.' }),
});

const channelAdapter = adapter.extend({ platforms: z.array(z.string()) }).meta({ id: 'ChannelAdapter' });
const platformAdapter = adapter
  .extend({ login: z.boolean().meta({ description: 'Whether POST /api/v1/workspaces/oauth works for it.' }) })
  .meta({ id: 'PlatformAdapter' });

/** What can be connected here, and how: enough to draw the forms. */
export function adapterRoutes({
  channels,
  platforms,
  apps,
}: Pick<Dependencies, 'channels' | 'platforms' | 'apps'>): FastifyPluginAsyncZod {
  return async app => {
    app.get(
      '/adapters',
      {
        config: { access: { role: 'member' } },
        schema: {
          operationId: 'listAdapters',
          tags: ['Adapters'],
          summary: 'List the kinds of channels and platforms',
          response: { 200: z.object({ channels: z.array(channelAdapter), platforms: z.array(platformAdapter) }) },
        },
      },
      async () => ({
        channels: [...channels.values()].map(({ manifest, capabilities }) => ({
          ...present(manifest, capabilities({})),
          platforms: manifest.platforms,
        })),
        platforms: [...platforms.values()].map(({ manifest, capabilities, oauth }) => ({
          ...present(manifest, capabilities({})),
          login: oauth !== undefined && apps.has(manifest.id),
        })),
      }),
    );
  };
}

function present(manifest: Manifest<unknown>, can: Capabilities): z.infer<typeof adapter> {
  const { id, label, summary, provider, steps } = manifest;
  return { id, label, summary, provider, steps, config: jsonSchema(manifest.config), capabilities: can };
}

function jsonSchema(schema: ZodType): Record<string, unknown> {
  return { ...z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) };
}
