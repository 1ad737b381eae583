import { notFound, unauthorised } from '../errors.ts';
import { apiTime } from '../sid.ts';
import type { Route } from './route.ts';

export const accountRoutes: Route[] = [
  {
    operation: 'FetchAccount',
    host: 'api.twilio.com',
    method: 'GET',
    path: '/2010-04-01/Accounts/{Sid}.json',
    handle({ account, signedInWith, params, path }) {
      if (signedInWith === 'key') throw unauthorised();
      if (params.Sid !== account.sid) throw notFound(path);
      const uri = `/2010-04-01/Accounts/${account.sid}`;
      return {
        status: 200,
        body: {
          sid: account.sid,
          owner_account_sid: account.sid,
          friendly_name: account.name,
          status: account.status,
          type: 'Full',
          auth_token: account.authToken,
          date_created: apiTime(account.createdAt),
          date_updated: apiTime(account.createdAt),
          uri: `${uri}.json`,
          subresource_uris: {
            messages: `${uri}/Messages.json`,
            incoming_phone_numbers: `${uri}/IncomingPhoneNumbers.json`,
          },
        },
      };
    },
  },
];
