/** The words that Twilio acts on by itself when they are the whole text, in any case; the newer two included. */
const words: Record<'STOP' | 'START' | 'HELP', readonly string[]> = {
  STOP: ['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'OPTOUT', 'REVOKE'],
  START: ['START', 'YES', 'UNSTOP'],
  HELP: ['HELP', 'INFO'],
};

export type Keyword = keyof typeof words;

export function keywordIn(body: string): Keyword | undefined {
  const word = body.trim().toUpperCase();
  return (Object.keys(words) as Keyword[]).find(keyword => words[keyword].includes(word));
}

/** What Twilio texts back by itself. */
export const ownAnswers: Record<Keyword, string> = {
  STOP: 'You are unsubscribed and will get no more messages from here. Reply START to get them again.',
  START: 'You will get messages from here again. Reply STOP to unsubscribe.',
  HELP: 'Reply STOP to unsubscribe. Message and data rates may apply.',
};
