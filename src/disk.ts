import { join } from 'node:path';
import { Disk } from 'flydrive';
import { FSDriver } from 'flydrive/drivers/fs';
import { S3Driver } from 'flydrive/drivers/s3';
import type { Config } from './config.ts';

/** Where attachments are kept: a folder beside the data, or a bucket that all processes share. */
export function openDisk({ dataDir, media }: Config): Disk {
  if (media.driver === 'local')
    return new Disk(new FSDriver({ location: join(dataDir, 'media'), visibility: 'private' }));
  const { bucket, region, endpoint, credentials } = media;
  return new Disk(
    new S3Driver({
      bucket,
      region,
      visibility: 'private',
      ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
      ...(credentials ? { credentials } : {}),
    }),
  );
}
