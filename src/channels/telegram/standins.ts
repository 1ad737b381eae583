import type { UnsupportedPart } from '../../contract/message.ts';
import { type Dict, dict, id, list, number, text } from '../../kit/read.ts';
import { nameOf } from './people.ts';

/** Readable words for the kinds of message that no inbox has a form for, by the field of `Message` they come in. */
const standIns: Readonly<Record<string, (content: Dict) => string>> = {
  poll: poll => lines(`Poll: ${text(poll.question) ?? ''}`, texts(poll.options, '– ')),
  dice: dice => `${text(dice.emoji) ?? '🎲'} came up ${number(dice.value) ?? 'unknown'}`,
  story: storyText,
  game: game => `Game: ${text(game.title) ?? 'untitled'}`,
  invoice: invoice => lines(`Invoice: ${text(invoice.title) ?? 'untitled'}`, text(invoice.description)),
  checklist: checklist => lines(`Checklist: ${text(checklist.title) ?? ''}`, tasks(checklist.tasks)),
  gift: gift => lines('A gift', text(gift.text)),
  unique_gift: ({ gift }) => `A gift: ${text(dict(gift)?.base_name) ?? 'unique'} #${id(dict(gift)?.number) ?? '?'}`,
  giveaway: giveaway =>
    lines(`Giveaway with ${number(giveaway.winner_count) ?? 'some'} winners`, text(giveaway.prize_description)),
  giveaway_winners: giveaway =>
    lines(`Giveaway won by ${number(giveaway.winner_count) ?? 'some'} people`, text(giveaway.prize_description)),
  paid_media: paid => `Paid media (${number(paid.star_count) ?? 'some'} Telegram Stars)`,
  passport_data: () => 'Telegram Passport documents, which only the service that asked for them can open',
};

/** The stand-ins for what a message carries beside words, files, places and contacts. */
export function standInsOf(message: Dict): UnsupportedPart[] {
  return Object.entries(standIns).flatMap(([field, describe]) => {
    const content = dict(message[field]);
    return content ? [{ kind: 'unsupported', text: describe(content) }] : [];
  });
}

/** A `Story`, which bots cannot open: whose it is, and a link where there is one. */
export function storyText(story: Dict): string {
  const chat = dict(story.chat);
  const username = text(chat?.username);
  const storyId = id(story.id);
  const link = username && storyId ? `https://t.me/${username}/s/${storyId}` : undefined;
  return lines(`A story by ${nameOf(chat) ?? 'someone'}`, link);
}

function texts(options: unknown, bullet: string): string {
  return lines(...list(options).map(option => `${bullet}${text(dict(option)?.text) ?? ''}`));
}

function tasks(value: unknown): string {
  return lines(
    ...list(value).map(entry => {
      const task = dict(entry);
      const done = (number(task?.completion_date) ?? 0) > 0 || dict(task?.completed_by_user) !== undefined;
      return `${done ? '☑' : '☐'} ${text(task?.text) ?? ''}`;
    }),
  );
}

function lines(...parts: (string | undefined)[]): string {
  return parts.filter(part => part !== undefined && part !== '').join('\n');
}
