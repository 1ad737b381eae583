import { channels } from '../channels/registry.ts';
import { openDisk } from '../disk.ts';
import { platforms } from '../platforms/registry.ts';
import { MediaStore } from '../relay/media.ts';
import { SetUp } from '../relay/setup.ts';
import type { Installation } from './installation.ts';

/** Connecting and checking from a command, with the installation's own addresses. */
export function localSetUp({ config, secrets, pool, vault, connections }: Installation): SetUp {
  const media = new MediaStore({ pool, disk: openDisk(config), secret: secrets.authSecret });
  const surroundings = {
    media,
    publicUrl: config.publicUrl,
    localUrl: `http://localhost:${config.port}`,
    sandboxUrl: undefined,
  };
  return new SetUp({ pool, vault, connections, surroundings, channels, platforms });
}
