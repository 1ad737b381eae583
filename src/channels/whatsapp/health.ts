import type { Health } from '../../contract/adapter.ts';
import { type Dict, dict, list, text } from '../../kit/read.ts';
import { e164 } from './discover.ts';
import type { TokenFacts } from './token.ts';

/** Asked for by name each time: left out, Meta tells few of them. */
export const numberFields = [
  'id',
  'display_phone_number',
  'verified_name',
  'quality_rating',
  'status',
  'name_status',
  'platform_type',
  'throughput',
  'health_status',
  'is_on_biz_app',
  'webhook_configuration',
].join(',');

/** A token that expires sooner than this is worth a word. Milliseconds. */
const soon = 7 * 24 * 3600 * 1000;

type Trouble = Required<Pick<Health, 'status' | 'reason' | 'advice'>>;

const gone = 'See the number in WhatsApp Manager; reconnect once it is back.';
const manager = 'See the number in WhatsApp Manager.';

/** What the states of a number mean to a channel; CONNECTED and words that are not here mean no trouble. */
const troubles: Readonly<Record<string, Trouble>> = {
  BANNED: { status: 'disconnected', reason: 'Meta has banned the number.', advice: 'Appeal in WhatsApp Manager.' },
  DELETED: { status: 'disconnected', reason: 'The number was deleted.', advice: gone },
  MIGRATED: { status: 'disconnected', reason: 'The number was moved to another account.', advice: gone },
  UNLINKED: { status: 'disconnected', reason: 'The number was unlinked from its account.', advice: gone },
  DISCONNECTED: { status: 'disconnected', reason: 'The number is not connected to the Cloud API.', advice: gone },
  RESTRICTED: { status: 'offline', reason: 'Meta has restricted the number.', advice: manager },
  PENDING: {
    status: 'pending',
    reason: 'The number is not registered yet.',
    advice: 'Register it in WhatsApp Manager, then check again.',
  },
  UNVERIFIED: {
    status: 'pending',
    reason: 'The number is not verified yet.',
    advice: 'Verify it in WhatsApp Manager, then check again.',
  },
  FLAGGED: {
    status: 'connected',
    reason: 'Customers have blocked or reported the number often.',
    advice: 'Write to those only who expect it: the number’s limit may be lowered.',
  },
  RATE_LIMITED: {
    status: 'connected',
    reason: 'The number has used up its limit of new conversations.',
    advice: 'Nothing to do: the limit is counted over 24 hours.',
  },
};

/** What keeps a number from its work, as far as Meta tells. Undefined: nothing. */
export function troubleOf(number: Dict): Trouble | undefined {
  const state = troubles[text(number.status) ?? ''];
  const health = dict(number.health_status);
  const told = list(health?.entities).flatMap(entity => wordsOf(dict(entity) ?? {}));
  if (health?.can_send_message === 'BLOCKED' && (state?.status ?? 'connected') === 'connected') {
    const [first] = told;
    return {
      status: 'offline',
      reason: first?.reason ?? 'Meta lets the number send nothing.',
      advice: first?.advice ?? manager,
    };
  }
  if (state) return state;
  const [limit] = health?.can_send_message === 'LIMITED' ? told : [];
  return limit && { status: 'connected', ...limit };
}

function wordsOf(entity: Dict): Pick<Trouble, 'reason' | 'advice'>[] {
  const errors = list(entity.errors).map(error => ({
    reason: text(dict(error)?.error_description),
    advice: text(dict(error)?.possible_solution),
  }));
  const notes = list(entity.additional_info).map(note => ({ reason: text(note), advice: undefined }));
  return [...errors, ...notes].flatMap(({ reason, advice }) =>
    reason === undefined ? [] : [{ reason, advice: advice ?? manager }],
  );
}

/** A word about a token that will expire. */
export function tokenTrouble(token: TokenFacts | undefined, now: Date): Trouble | undefined {
  if (token?.expiresAt === undefined || Date.parse(token.expiresAt) - now.getTime() > soon) return undefined;
  return {
    status: 'connected',
    reason: `The access token expires at ${token.expiresAt}.`,
    advice: 'Make a system user’s token that never expires, and connect again with it.',
  };
}

/** What Meta reports of a number, for the channel's page. `limit` is asked for apart; see {@link limitField}. */
export function factsOf(number: Dict, limit: unknown, token: TokenFacts | undefined): Record<string, string> {
  const facts: Record<string, string | undefined> = {
    Number: e164(number.display_phone_number),
    'Verified name': text(number.verified_name),
    'Display name review': said(number.name_status),
    Quality: said(number.quality_rating) ?? 'Unknown',
    'Messaging limit': limitText(limit),
    Throughput: said(dict(number.throughput)?.level),
    Health: said(dict(number.health_status)?.can_send_message),
    'Used in the WhatsApp Business app too': yesNo(number.is_on_biz_app),
    'Token expires': token ? (token.expiresAt ?? 'Never') : undefined,
  };
  return Object.fromEntries(
    Object.entries(facts).flatMap(([label, value]) => (value === undefined ? [] : [[label, value]])),
  );
}

/** The field of a number that holds its limit. Young, so that one that Meta does not know yet must spoil no other. */
export const limitField = 'whatsapp_business_manager_messaging_limit';

/** `TIER_10K` → `10K people in 24 hours`. */
function limitText(limit: unknown): string | undefined {
  const tier = text(limit)?.replace(/^TIER_/, '');
  if (tier === undefined) return undefined;
  return /^\d+K?$/.test(tier) ? `${tier} people in 24 hours` : said(tier);
}

/** `PENDING_REVIEW` → `Pending review`; abbreviations stay. */
function said(word: unknown): string | undefined {
  const words = text(word);
  if (words === undefined || words.length <= 2) return words;
  return words.charAt(0).toUpperCase() + words.slice(1).toLowerCase().replaceAll('_', ' ');
}

function yesNo(value: unknown): string | undefined {
  return typeof value === 'boolean' ? (value ? 'Yes' : 'No') : undefined;
}
