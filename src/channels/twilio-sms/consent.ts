/** Twilio's own words for leaving and coming back, which it acts on by itself. Only a whole message is one. */
const optOutWords = new Set(['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'OPTOUT', 'REVOKE']);
const optInWords = new Set(['START', 'YES', 'UNSTOP']);

/**
 * Whether a text leaves or comes back. `OptOutType`, which a messaging service with Advanced Opt-Out sends along, knows
 * the business's own words and is believed before the list.
 * @see https://www.twilio.com/docs/messaging/guides/how-to-use-advanced-opt-out
 */
export function consentOf(body: string, optOutType: string | undefined): 'opted_in' | 'opted_out' | undefined {
  switch (optOutType?.toUpperCase()) {
    case 'STOP':
      return 'opted_out';
    case 'START':
      return 'opted_in';
    case 'HELP':
      return undefined;
  }
  const word = body.trim().toUpperCase();
  if (optOutWords.has(word)) return 'opted_out';
  return optInWords.has(word) ? 'opted_in' : undefined;
}
