import { createHash } from 'node:crypto';
import type { RawRequest } from '../../contract/adapter.ts';
import { toJson } from '../../kit/json.ts';
import { type Dict, dict, id, text, unixTime } from '../../kit/read.ts';

/** The envelope every webhook comes in. */
export interface Notification {
  topic: string;
  /** The workspace it speaks of. */
  appId?: string;
  /** Unique for the notification, the same in a redelivery. */
  key: string;
  /** ISO 8601 UTC. */
  at?: string;
  /** `data.item`; empty where it is missing. */
  item: Dict;
}

/** Reads the envelope; a string says why it is none. */
export function readNotification(request: RawRequest): Notification | { unreadable: string; key: string } {
  const body = dict(parsed(request));
  const topic = text(body?.topic);
  if (body === undefined || topic === undefined) {
    const unreadable = body === undefined ? 'body that is no JSON object' : 'body without a topic';
    return { unreadable, key: `body:${digest(request.body)}` };
  }
  const item = dict(dict(body.data)?.item);
  const at = unixTime(body.created_at);
  const appId = id(body.app_id);
  return {
    topic,
    key: `notification:${id(body.id) ?? digest(toJson([topic, body.created_at ?? null, body.data ?? null]))}`,
    item: item ?? {},
    ...(appId === undefined ? {} : { appId }),
    ...(at === undefined ? {} : { at }),
  };
}

/** The workspace a body speaks of, for the address that all workspaces of an app share. */
export function appIdOf(request: RawRequest): string | undefined {
  return id(dict(parsed(request))?.app_id);
}

/** undefined for a body that is no JSON, or nested too deeply to be read: authentic all the same, so the journal keeps it. */
function parsed(request: RawRequest): unknown {
  try {
    return request.json();
  } catch {
    return undefined;
  }
}

function digest(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 32);
}
