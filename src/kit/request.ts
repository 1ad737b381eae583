import type { RawRequest } from '../contract/adapter.ts';
import { parseJson } from './json.ts';

/** Wraps received bytes as the {@link RawRequest} that adapters read. */
export function rawRequest(parts: {
  method: string;
  url: string;
  headers: Record<string, string | string[] | undefined>;
  body: Uint8Array;
}): RawRequest {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(parts.headers)) {
    if (value !== undefined) headers[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  const text = once(() => new TextDecoder('utf-8').decode(parts.body));
  return {
    method: parts.method,
    url: parts.url,
    headers,
    query: Object.fromEntries(new URL(parts.url).searchParams),
    body: parts.body,
    json: once(() => parseJson(text())),
    form: once(() => Object.fromEntries(new URLSearchParams(text()))),
  };
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | { error: unknown } | undefined;
  return () => {
    if (!made) {
      try {
        made = { value: make() };
      } catch (error) {
        made = { error };
      }
    }
    if ('error' in made) throw made.error;
    return made.value;
  };
}
