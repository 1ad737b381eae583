import type { Json } from '../../types.ts';
import { notFound } from '../errors.ts';
import type { Line } from '../line.ts';
import type { Service } from '../service.ts';
import { metaPage } from './pages.ts';
import type { ApiCall, Route } from './route.ts';

const host = 'messaging.twilio.com';

export const serviceRoutes: Route[] = [
  {
    operation: 'ListService',
    host,
    method: 'GET',
    path: '/v1/Services',
    handle: call => metaPage(call, host, 'services', call.account.services.map(serviceShape)),
  },
  {
    operation: 'FetchService',
    host,
    method: 'GET',
    path: '/v1/Services/{Sid}',
    handle: call => ({ status: 200, body: serviceShape(findService(call, call.params.Sid)) }),
  },
  {
    operation: 'ListPhoneNumber',
    host,
    method: 'GET',
    path: '/v1/Services/{ServiceSid}/PhoneNumbers',
    handle: call => metaPage(call, host, 'phone_numbers', membersOf(call, 'PN').map(numberShape)),
  },
  {
    operation: 'FetchPhoneNumber',
    host,
    method: 'GET',
    path: '/v1/Services/{ServiceSid}/PhoneNumbers/{Sid}',
    handle: call => ({ status: 200, body: numberShape(findMember(call, 'PN')) }),
  },
  {
    operation: 'ListShortCode',
    host,
    method: 'GET',
    path: '/v1/Services/{ServiceSid}/ShortCodes',
    handle: call => metaPage(call, host, 'short_codes', membersOf(call, 'SC').map(shortCodeShape)),
  },
  {
    operation: 'FetchShortCode',
    host,
    method: 'GET',
    path: '/v1/Services/{ServiceSid}/ShortCodes/{Sid}',
    handle: call => ({ status: 200, body: shortCodeShape(findMember(call, 'SC')) }),
  },
];

function findService({ account, path }: ApiCall, sid: string | undefined): Service {
  const service = account.services.find(known => known.sid === sid);
  if (!service) throw notFound(path);
  return service;
}

function membersOf(call: ApiCall, kind: 'PN' | 'SC'): Line[] {
  return findService(call, call.params.ServiceSid).lines.filter(({ sid }) => sid.startsWith(kind));
}

function findMember(call: ApiCall, kind: 'PN' | 'SC'): Line {
  const line = membersOf(call, kind).find(({ sid }) => sid === call.params.Sid);
  if (!line) throw notFound(call.path);
  return line;
}

function serviceShape(service: Service): Json {
  const url = `https://${host}/v1/Services/${service.sid}`;
  return {
    sid: service.sid,
    account_sid: service.account.sid,
    friendly_name: service.name,
    date_created: second(service.createdAt),
    date_updated: second(service.createdAt),
    inbound_request_url: service.inboundRequestUrl,
    inbound_method: 'POST',
    fallback_url: null,
    fallback_method: 'POST',
    status_callback: service.statusCallback,
    use_inbound_webhook_on_number: service.useInboundWebhookOnNumber,
    sticky_sender: true,
    mms_converter: true,
    smart_encoding: false,
    scan_message_content: 'inherit',
    fallback_to_long_code: false,
    area_code_geomatch: true,
    synchronous_validation: false,
    validity_period: 36_000,
    usecase: 'undeclared',
    us_app_to_person_registered: false,
    url,
    links: { phone_numbers: `${url}/PhoneNumbers`, short_codes: `${url}/ShortCodes` },
  };
}

function memberShape({ account, sid, service, mms, boughtAt }: Line, folder: string): Json {
  return {
    sid,
    account_sid: account.sid,
    service_sid: service?.sid ?? null,
    date_created: second(boughtAt),
    date_updated: second(boughtAt),
    country_code: 'US',
    capabilities: ['SMS', ...(mms ? ['MMS'] : [])],
    url: `https://${host}/v1/Services/${service?.sid}/${folder}/${sid}`,
  };
}

const numberShape = (line: Line) => ({ ...memberShape(line, 'PhoneNumbers'), phone_number: line.address });

const shortCodeShape = (line: Line) => ({ ...memberShape(line, 'ShortCodes'), short_code: line.address });

/** ISO 8601 to the second, as the newer APIs write times. */
function second(at: Date): string {
  return at.toISOString().replace(/\.\d+Z$/, 'Z');
}
