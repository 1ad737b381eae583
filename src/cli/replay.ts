import { toJson } from '../kit/json.ts';
import { replay } from '../relay/replay.ts';
import { withInstallation } from './installation.ts';
import { UsageError } from './output.ts';

/** `octopods replay`: takes a webhook from the journal in once more. */
export async function replayEntry(id: string): Promise<void> {
  await withInstallation(async ({ pool, connections }) => {
    const events = await replay(pool, connections, id);
    if (!events) throw new UsageError(`The journal has no entry ${id}, or what it belongs to is no longer connected.`);
    for (const event of events) console.log(toJson(event));
    console.log('Taken in. What was stored before stays as it is.');
  });
}
