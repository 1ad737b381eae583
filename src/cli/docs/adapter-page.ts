import { z } from 'zod';
import type { Manifest } from '../../contract/adapter.ts';
import type { ChannelAdapter } from '../../contract/channel.ts';
import type { PlatformAdapter } from '../../contract/platform.ts';
import { capabilityTables } from './capability-tables.ts';
import { generated, listed, table } from './markdown.ts';

/** The sections that every adapter's README has. */
export const readmeSections = ['Set-up', 'What is carried', 'Failures', 'Limits'] as const;

/** docs/channels/<id>.md: `labels` are the registered platforms' names by id. */
export function channelPage(adapter: ChannelAdapter<unknown>, labels: ReadonlyMap<string, string>): string {
  const { manifest } = adapter;
  const serves = manifest.platforms.map(id => labels.get(id)).filter(label => label !== undefined);
  const tables = capabilityTables(adapter.capabilities({}));
  const differs = 'A connected channel can differ: `GET /api/v1/channels/{id}/capabilities`.';
  const heading = 'What a teammate’s reply can carry';
  return page(manifest, 'channels', `Serves ${listed(serves)}.`, heading, `${tables}\n\n${differs}`);
}

/** docs/platforms/<id>.md */
export function platformPage(adapter: PlatformAdapter<unknown>): string {
  const fates = adapter.reports.filter(status => status !== 'notice');
  const shown = `Of the fates of a message, teammates are shown ${listed(fates)}.`;
  const tables = capabilityTables(adapter.capabilities({}));
  return page(adapter.manifest, 'platforms', shown, 'What a customer’s message can carry', tables);
}

function page(
  manifest: Manifest<unknown>,
  side: 'channels' | 'platforms',
  facts: string,
  heading: string,
  tables: string,
): string {
  const { id, label, summary, provider } = manifest;
  const readme = `../../src/${side}/${id}/README.md`;
  return `${generated}
# ${label}

${summary}

${facts} In the API it is called \`${id}\`. The vendor’s own words: [${provider.name}](${provider.docs}).

## Set-up

${steps(manifest)}

${fields(manifest)}

## ${heading}

${tables}

## In detail

${readmeSections.map(section => `- [${section}](${readme}#${section.toLowerCase().replaceAll(' ', '-')})`).join('\n')}
`;
}

function steps({ steps }: Manifest<unknown>): string {
  return steps
    .map(({ title, text, link }, i) => `${i + 1}. **${title}.** ${text}${link === undefined ? '' : ` [Open](${link})`}`)
    .join('\n');
}

/** What the form asks for; what is made or found on connecting is left out. */
function fields({ config }: Manifest<unknown>): string {
  const { properties = {}, required = [] } = z.toJSONSchema(config, { io: 'input', unrepresentable: 'any' });
  const rows = Object.entries(properties).flatMap(([name, field]) => {
    if (typeof field !== 'object' || field.generated === true) return [];
    const marks = [required.includes(name) ? 'required' : 'optional', ...(field.secret === true ? ['secret'] : [])];
    return [[`\`${name}\``, field.title ?? '', field.description ?? '', marks.join(', ')]];
  });
  return table(['Field', 'Title', 'What it is', ''], rows);
}
