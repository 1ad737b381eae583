import type { Json } from '../../types.ts';
import type { Account } from '../account.ts';
import { invalid } from '../errors.ts';
import { page, select } from '../field-selection.ts';
import { verifyCallback } from '../handshake.ts';
import { phoneNumberNode, viewOf } from './number.ts';
import type { GraphCall, Route } from './route.ts';

const accountNode = {
  type: 'WhatsAppBusinessAccount',
  usual: ['id', 'name', 'timezone_id', 'message_template_namespace'],
  without: ['business_verification_status', 'country', 'on_behalf_of_business_info', 'ownership_type', 'status'],
};

function readAccount({ wabaId, name }: Account, { query }: GraphCall): Json {
  const account = {
    id: wabaId,
    name,
    timezone_id: '1',
    currency: 'USD',
    message_template_namespace: `ns_${wabaId}`,
    account_review_status: 'APPROVED',
  };
  return select(accountNode, account, query.fields);
}

function listNumbers({ numbers }: Account, { query }: GraphCall): Json {
  const { fields, ...paging } = query;
  return page(
    numbers.map(number => select(phoneNumberNode, viewOf(number), fields)),
    paging,
  );
}

function listSubscribedApps({ app, subscribed, callback }: Account): Json {
  const link = `https://www.facebook.com/games/?app_id=${app.appId}`;
  const entry = {
    whatsapp_business_api_data: { id: app.appId, name: app.name, link },
    ...(callback ? { override_callback_uri: callback.url } : {}),
  };
  return { data: subscribed ? [entry] : [] };
}

/** Without a callback in the body, the account's own one goes. */
async function subscribeApp(account: Account, { body }: GraphCall): Promise<Json> {
  const { override_callback_uri: url, verify_token: verifyToken } = body;
  if (url === undefined) {
    account.callback = undefined;
  } else {
    if (typeof url !== 'string' || typeof verifyToken !== 'string' || verifyToken === '') {
      throw invalid('override_callback_uri needs a verify_token');
    }
    await verifyCallback({ url, verifyToken });
    account.callback = { url, verifyToken };
  }
  account.subscribed = true;
  account.core.changes.changed();
  return { success: true };
}

function unsubscribeApp(account: Account): Json {
  account.subscribed = false;
  account.callback = undefined;
  account.core.changes.changed();
  return { success: true };
}

export const accountRoutes: readonly Route<Account>[] = [
  { operation: 'getWhatsAppBusinessAccountDetails', method: 'GET', handle: readAccount },
  {
    operation: 'getWhatsAppBusinessAccountPhoneNumbers',
    method: 'GET',
    edge: 'phone_numbers',
    handle: listNumbers,
  },
  { operation: 'getAllSubscriptionsForAWaba', method: 'GET', edge: 'subscribed_apps', handle: listSubscribedApps },
  {
    operation: 'subscribeToWabaWebhooks',
    method: 'POST',
    edge: 'subscribed_apps',
    checked: true,
    handle: subscribeApp,
  },
  { operation: 'unsubscribeFromWabaWebhooks', method: 'DELETE', edge: 'subscribed_apps', handle: unsubscribeApp },
];
