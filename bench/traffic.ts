/**
 * The messages of a run. Number `i` goes to conversation `i % conversations`, so neighbours never share a lane and each
 * conversation's messages are told apart by their number in it.
 */
export interface Mark {
  conversation: number;
  /** 0, 1, 2, … within its conversation. */
  n: number;
  /** When it was (or, at a steady rate, should have been) sent: milliseconds since 1970, with fractions. */
  sentAt: number;
}

/** Conversations from here on are those that the stub never lets through. */
export const firstStuck = 900_000;

/** Milliseconds since 1970, finer than Date.now and comparable between the processes of one machine. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}

function textOf({ conversation, n, sentAt }: Mark): string {
  return `bench c${conversation} n${n} t${sentAt.toFixed(2)}`;
}

export function markIn(text: string): Mark | undefined {
  const found = /bench c(\d+) n(\d+) t([\d.]+)/.exec(text);
  return found ? { conversation: Number(found[1]), n: Number(found[2]), sentAt: Number(found[3]) } : undefined;
}

/** @see https://core.telegram.org/bots/api#update */
export function telegramUpdate(updateId: number, mark: Mark): string {
  const person = { id: mark.conversation + 1, first_name: `Customer ${mark.conversation}` };
  return JSON.stringify({
    update_id: updateId,
    message: {
      message_id: mark.n + 1,
      date: Math.floor(mark.sentAt / 1000),
      from: { ...person, is_bot: false, language_code: 'en' },
      chat: { ...person, type: 'private' },
      text: textOf(mark),
    },
  });
}

/** The value below which the given share of the sorted values lies. NaN when there are none. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
