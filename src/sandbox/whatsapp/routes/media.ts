import type { Json } from '../../types.ts';
import { noSuchObject } from '../errors.ts';
import type { MediaStore, StoredMedia } from '../media.ts';
import type { GraphCall, Route } from './route.ts';

/** A file together with the store that it lies in. */
export interface MediaTarget {
  file: StoredMedia;
  store: MediaStore;
}

function readMedia({ file, store }: MediaTarget, { query }: GraphCall): Json {
  checkOwner('GET', file, query.phone_number_id);
  return store.view(file);
}

function deleteMedia({ file, store }: MediaTarget, { query }: GraphCall): Json {
  checkOwner('DELETE', file, query.phone_number_id);
  store.delete(file.mediaId);
  return { success: true };
}

function checkOwner(method: string, { mediaId, phoneNumberId }: StoredMedia, wanted: string | undefined): void {
  if (wanted !== undefined && wanted !== phoneNumberId) throw noSuchObject(method, mediaId);
}

export const mediaRoutes: readonly Route<MediaTarget>[] = [
  { operation: 'retrieveMediaUrl', method: 'GET', handle: readMedia },
  { operation: 'deleteMedia', method: 'DELETE', handle: deleteMedia },
];
