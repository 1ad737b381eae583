import type { Json } from '../types.ts';
import type { App } from './app.ts';
import type { Directory } from './directory.ts';
import { missing } from './errors.ts';

const scopes = ['whatsapp_business_management', 'whatsapp_business_messaging'];

/** What a token may do, and with which accounts; the newest account first. */
export function debugToken(
  apps: readonly App[],
  { revokedTokens }: Directory,
  { input_token: token }: Readonly<Record<string, string>>,
): Json {
  if (token === undefined) throw missing('input_token');
  const app = apps.find(({ accounts }) => accounts.some(account => account.token === token));
  if (!app || revokedTokens.has(token)) {
    const error = { code: 190, message: 'Invalid OAuth access token.' };
    return { data: { error, is_valid: false, scopes: [] } };
  }
  const target_ids = app.accounts.filter(account => account.token === token).map(({ wabaId }) => wabaId);
  target_ids.reverse();
  return {
    data: {
      app_id: app.appId,
      type: 'SYSTEM_USER',
      application: app.name,
      data_access_expires_at: 0,
      expires_at: 0,
      is_valid: true,
      scopes,
      granular_scopes: scopes.map(scope => ({ scope, target_ids })),
      user_id: `9${app.appId}`,
    },
  };
}
