import type { RawRequest } from '../../contract/adapter.ts';

/** Twilio's JSON webhooks (Event Streams and the like). Which branch a request takes is its content type's to say alone. */
export function carriesJson(request: RawRequest): boolean {
  return request.method !== 'GET' && /^application\/([\w.+-]+\+)?json\b/i.test(request.headers['content-type'] ?? '');
}

/** The fields of a webhook, repeated ones kept: in the body of a POST, in the query of a GET. */
export function fieldsOf(request: RawRequest): URLSearchParams {
  return new URLSearchParams(request.method === 'GET' ? queryOf(request.url) : new TextDecoder().decode(request.body));
}

/** As it stands in the address: parsing an URL writes some characters anew. */
function queryOf(url: string): string {
  const start = url.indexOf('?');
  return start < 0 ? '' : url.slice(start + 1);
}
