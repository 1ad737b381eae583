import type { Json } from '../../types.ts';
import type { Account } from '../account.ts';
import { notFound, TwilioBreach } from '../errors.ts';
import type { Line } from '../line.ts';
import { apiTime } from '../sid.ts';
import type { Form } from '../signature.ts';
import { page } from './pages.ts';
import type { ApiCall, Route } from './route.ts';

const host = 'api.twilio.com';

/** How numbers and short codes are named in addresses and answers. */
const kinds = {
  number: { folder: 'IncomingPhoneNumbers', list: 'incoming_phone_numbers', shape: numberShape },
  shortCode: { folder: 'SMS/ShortCodes', list: 'short_codes', shape: shortCodeShape },
} as const;

const folder = (kind: keyof typeof kinds) => `/2010-04-01/Accounts/{AccountSid}/${kinds[kind].folder}`;

export const lineRoutes: Route[] = [
  {
    operation: 'ListIncomingPhoneNumber',
    host,
    method: 'GET',
    path: `${folder('number')}.json`,
    handle: call => listLines(call, 'number', call.query.PhoneNumber),
  },
  {
    operation: 'FetchIncomingPhoneNumber',
    host,
    method: 'GET',
    path: `${folder('number')}/{Sid}.json`,
    handle: call => ({ status: 200, body: numberShape(findLine(call, 'number')) }),
  },
  {
    operation: 'UpdateIncomingPhoneNumber',
    host,
    method: 'POST',
    path: `${folder('number')}/{Sid}.json`,
    handle: call => ({ status: 200, body: numberShape(update(findLine(call, 'number'), call.form)) }),
  },
  {
    operation: 'ListShortCode',
    host,
    method: 'GET',
    path: `${folder('shortCode')}.json`,
    handle: call => listLines(call, 'shortCode', call.query.ShortCode),
  },
  {
    operation: 'FetchShortCode',
    host,
    method: 'GET',
    path: `${folder('shortCode')}/{Sid}.json`,
    handle: call => ({ status: 200, body: shortCodeShape(findLine(call, 'shortCode')) }),
  },
  {
    operation: 'UpdateShortCode',
    host,
    method: 'POST',
    path: `${folder('shortCode')}/{Sid}.json`,
    handle: call => ({ status: 200, body: shortCodeShape(update(findLine(call, 'shortCode'), call.form)) }),
  },
];

function linesOf(account: Account, kind: keyof typeof kinds): Line[] {
  return account.lines.filter(line => line.sid.startsWith(kind === 'number' ? 'PN' : 'SC'));
}

/** Filters match any part, and a star stands for one digit. */
function listLines(call: ApiCall, kind: keyof typeof kinds, filter = '') {
  const pattern = new RegExp(filter.replace(/[^\d*]/g, '').replaceAll('*', '\\d'));
  const { list, shape } = kinds[kind];
  const named = call.query.FriendlyName;
  const lines = linesOf(call.account, kind)
    .filter(({ address }) => pattern.test(address))
    .map(shape);
  return page(call, list, named === undefined ? lines : lines.filter(line => line.friendly_name === named));
}

function findLine({ account, params, path }: ApiCall, kind: keyof typeof kinds): Line {
  const line = linesOf(account, kind).find(({ sid }) => sid === params.Sid);
  if (!line) throw notFound(path);
  return line;
}

function update(line: Line, form: Form): Line {
  for (const [name, given] of Object.entries(form)) {
    const value = String(given);
    if (/Url$|^StatusCallback$/.test(name) && value !== '' && !isAddress(value)) {
      throw new TwilioBreach(21402, `Invalid Url: ${name} ${value}`);
    }
    if (name === 'SmsUrl') line.smsUrl = value;
    else if (name === 'SmsApplicationSid') line.smsApplicationSid = value;
    else if (name === 'SmsMethod') line.smsMethod = value === 'GET' ? 'GET' : 'POST';
    else line.otherSettings[name] = value;
  }
  if (line.otherSettings.SmsFallbackUrl && line.smsUrl === '') {
    throw new TwilioBreach(21406, 'Cannot set SmsFallbackUrl without setting SmsUrl');
  }
  line.account.core.changes.changed();
  return line;
}

/** Absolute, over HTTP, and with a host name that Twilio takes. */
export function isAddress(value: string): boolean {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) && !url.hostname.includes('_');
}

function settings({ account, smsUrl, smsMethod, otherSettings, boughtAt }: Line): Json {
  return {
    account_sid: account.sid,
    api_version: '2010-04-01',
    date_created: apiTime(boughtAt),
    date_updated: apiTime(boughtAt),
    sms_url: smsUrl,
    sms_method: smsMethod,
    sms_fallback_url: otherSettings.SmsFallbackUrl ?? '',
    sms_fallback_method: otherSettings.SmsFallbackMethod ?? 'POST',
  };
}

function numberShape(line: Line): Json {
  const { account, sid, address, mms, otherSettings } = line;
  return {
    ...settings(line),
    sid,
    phone_number: address,
    friendly_name: otherSettings.FriendlyName ?? address,
    capabilities: { voice: true, sms: true, mms, fax: false },
    sms_application_sid: line.smsApplicationSid,
    status_callback: otherSettings.StatusCallback ?? '',
    status_callback_method: otherSettings.StatusCallbackMethod ?? 'POST',
    voice_url: otherSettings.VoiceUrl ?? null,
    beta: false,
    origin: 'twilio',
    status: 'in-use',
    type: 'local',
    address_requirements: 'none',
    uri: `/2010-04-01/Accounts/${account.sid}/IncomingPhoneNumbers/${sid}.json`,
  };
}

function shortCodeShape(line: Line): Json {
  const { account, sid, address, otherSettings } = line;
  return {
    ...settings(line),
    sid,
    short_code: address,
    friendly_name: otherSettings.FriendlyName ?? address,
    uri: `/2010-04-01/Accounts/${account.sid}/SMS/ShortCodes/${sid}.json`,
  };
}
