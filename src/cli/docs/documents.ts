import { channels } from '../../channels/registry.ts';
import { configTable, envExample } from '../../config/document.ts';
import { platforms } from '../../platforms/registry.ts';
import { channelPage, platformPage } from './adapter-page.ts';
import { failuresPage } from './failures-page.ts';
import { generated } from './markdown.ts';

/** Folders that hold nothing but generated documents. */
export const generatedFolders = ['docs/channels', 'docs/platforms'] as const;

/** Every generated document: its path in the repository, and what it says now. */
export function documents(): Map<string, string> {
  const labels = new Map([...platforms].map(([id, { manifest }]) => [id, manifest.label]));
  return new Map([
    ['.env.example', envExample()],
    ['docs/configuration.md', configurationPage()],
    ['docs/failures.md', failuresPage()],
    ...[...channels].map(([id, adapter]) => [`docs/channels/${id}.md`, channelPage(adapter, labels)] as const),
    ...[...platforms].map(([id, adapter]) => [`docs/platforms/${id}.md`, platformPage(adapter)] as const),
  ]);
}

function configurationPage(): string {
  return `${generated}
# Configuration

Everything is set by environment variables, and nothing has to be: without any, Octopods runs on this machine alone, with a
database of its own. What is wrong is said at start, all of it at once. A secret may stand in a file instead, named by the
variable with \`_FILE\` at its end.

${configTable()}`;
}
