import { readFile } from 'node:fs/promises';
import { channels } from '../channels/registry.ts';
import { parseJson, toJson } from '../kit/json.ts';
import { rawRequest } from '../kit/request.ts';
import { platforms } from '../platforms/registry.ts';
import { UsageError } from './output.ts';

interface Options {
  adapter: string;
  header?: string[];
  config: string;
  url: string;
}

/** `octopods inspect`: a saved body through an adapter's `verify` and `normalise`, without a database. */
export async function inspect(file: string, options: Options): Promise<void> {
  const adapter = channels.get(options.adapter) ?? platforms.get(options.adapter);
  if (!adapter) {
    const known = [...channels.keys(), ...platforms.keys()].join(', ');
    throw new UsageError(`There is no adapter called “${options.adapter}”. There are: ${known}.`);
  }
  const request = rawRequest({
    method: 'POST',
    url: options.url,
    headers: Object.fromEntries((options.header ?? []).map(splitHeader)),
    body: await readFile(file),
  });
  const config = parseConfig(options.config);
  const verdict = adapter.verify(request, config);
  console.log(verdict.ok ? 'Signature: accepted' : `Signature: refused – ${verdict.reason}`);
  for (const event of adapter.normalise(request, config)) console.log(toJson(event));
}

function splitHeader(header: string): [string, string] {
  const colon = header.indexOf(':');
  if (colon < 1) throw new UsageError(`“${header}” is not a header of the form “name: value”.`);
  return [header.slice(0, colon).trim(), header.slice(colon + 1).trim()];
}

function parseConfig(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    throw new UsageError(`--config is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
