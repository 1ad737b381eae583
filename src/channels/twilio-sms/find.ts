import type { Context } from '../../contract/adapter.ts';
import type { Outgoing } from '../../contract/channel.ts';
import type { Failure } from '../../contract/failure.ts';
import { phoneAddress } from '../../kit/phone.ts';
import { type Dict, text } from '../../kit/read.ts';
import { accountUrl, callApi, entries } from './api.ts';
import { type Composed, compose } from './compose.ts';
import { originOf, type TwilioSmsConfig } from './manifest.ts';

/** `since`: when the uncertain try began. Without it, messages of the last hour count. */
type FindContext = Context<TwilioSmsConfig> & { since?: Date };

const hour = 3_600_000;
/** Milliseconds by which Twilio's clock may be behind ours; its times are whole seconds. */
const skew = 2_000;
/** Milliseconds after which a message that Twilio took is sure to be in the list. */
const settling = 30_000;

/** What Twilio puts before every text of a trial account. */
const trialPrefix = /^Sent from your Twilio trial account - /;

/**
 * Looks for a message whose sending stayed open. Among equal ones the newest counts: those before it were confirmed. The
 * list is not narrowed by `DateSent`, which a message that still waits in Twilio's queue has not got.
 * @see https://www.twilio.com/docs/messaging/api/message-resource#read-multiple-message-resources
 */
export async function find(message: Outgoing, context: FindContext): Promise<{ ids: string[] } | { failure: Failure }> {
  const { config, now } = context;
  const origin = originOf(config);
  // A messaging service chooses the number to send from, so only the recipient is known.
  const from: Record<string, string> = origin.kind === 'service' ? {} : { From: origin.value };
  const query = { To: phoneAddress(message.to), ...from, PageSize: '100' };
  const answer = await callApi(context, { url: accountUrl(config, '/Messages'), query });
  if (!answer.ok) return { failure: answer.failure };

  const since = context.since ?? new Date(now.getTime() - hour);
  const composed = compose(message.parts, context);
  const found = entries(answer.body.messages).find(
    entry => isOurs(entry, config) && isRecent(entry, since) && says(entry, composed),
  );
  const sid = text(found?.sid);
  if (sid !== undefined) return { ids: [sid] };
  const wait = settling - (now.getTime() - since.getTime());
  if (wait <= 0) return { ids: [] };
  const words = 'Twilio’s list does not show the message yet, if there is one.';
  return { failure: { class: 'temporary', message: words, retryAfter: Math.ceil(wait / 1000) } };
}

function isOurs(entry: Dict, config: TwilioSmsConfig): boolean {
  const origin = originOf(config);
  const sender = origin.kind === 'service' ? entry.messaging_service_sid : entry.from;
  return sender === origin.value && text(entry.direction)?.startsWith('outbound') === true;
}

function isRecent(entry: Dict, since: Date): boolean {
  return Date.parse(text(entry.date_created) ?? '') >= Math.floor(since.getTime() / 1000) * 1000 - skew;
}

/** The same words, white space aside, and as many attachments; Twilio may have put links to them behind the words. */
function says(entry: Dict, { body, mediaUrls }: Composed): boolean {
  const words = squeeze(text(entry.body) ?? '').replace(trialPrefix, '');
  const expected = squeeze(body);
  if (Number(entry.num_media) !== mediaUrls.length) return false;
  return mediaUrls.length > 0 ? words.startsWith(expected) : words === expected;
}

function squeeze(words: string): string {
  return words.replace(/\s+/g, ' ').trim();
}
