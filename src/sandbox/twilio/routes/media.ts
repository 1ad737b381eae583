import { notFound } from '../errors.ts';
import { mediaShape, type StoredMedia } from '../media.ts';
import { page } from './pages.ts';
import type { ApiCall, Route } from './route.ts';

const host = 'api.twilio.com';
const folder = '/2010-04-01/Accounts/{AccountSid}/Messages/{MessageSid}/Media';

export const mediaRoutes: Route[] = [
  {
    operation: 'ListMedia',
    host,
    method: 'GET',
    path: `${folder}.json`,
    handle: call =>
      page(call, 'media_list', call.account.store.of(call.account.sid, call.params.MessageSid ?? '').map(mediaShape)),
  },
  {
    operation: 'FetchMedia',
    host,
    method: 'GET',
    path: `${folder}/{Sid}.json`,
    handle: call => ({ status: 200, body: mediaShape(findMedia(call)) }),
  },
  {
    // Not in the OpenAPI document: without an ending, the address gives the file itself.
    operation: 'DownloadMedia',
    host,
    method: 'GET',
    path: `${folder}/{Sid}`,
    handle: call => ({ status: 307, headers: { location: call.account.store.address(findMedia(call)) }, body: '' }),
  },
];

function findMedia({ account, params, path }: ApiCall): StoredMedia {
  const found = account.store.of(account.sid, params.MessageSid ?? '').find(({ sid }) => sid === params.Sid);
  if (!found) throw notFound(path);
  return found;
}
