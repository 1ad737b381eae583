import type { Author } from './author.ts';
import type { Bot } from './bot.ts';
import type { Chat } from './chat.ts';
import { userOf } from './shapes.ts';
import type { TelegramAct, TelegramGroup, TelegramPerson } from './types.ts';

/** A group the bot is a member of, with its privacy mode off: it hears everything. */
export class Group implements TelegramGroup {
  readonly #bot: Bot;
  #chat: Chat;
  /** Whom the service messages of a move name as their author. */
  #mover: TelegramPerson = { id: 1, firstName: 'Group owner' };

  constructor(bot: Bot, chat: Chat) {
    this.#bot = bot;
    this.#chat = chat;
  }

  get id(): number {
    return this.#chat.id;
  }

  get title(): string {
    return this.#chat.name;
  }

  member(person: TelegramPerson): Author {
    this.#mover = person;
    return this.#bot.author(this.#chat, person);
  }

  migrate(newId: number): [TelegramAct, TelegramAct] {
    const old = this.#chat;
    const next = this.#bot.supergroup({ ...old.shape, id: newId });
    const author = userOf(this.#mover);
    const about = { author, from: 'customer', date: this.#bot.now } as const;
    const leaving = old.add({ migrate_to_chat_id: newId }, about);
    const arriving = next.add({ migrate_from_chat_id: old.id }, about);
    old.migratedTo = newId;
    this.#chat = next;
    return [
      this.#bot.tell('message', leaving.raw, old, leaving.id),
      this.#bot.tell('message', arriving.raw, next, arriving.id),
    ];
  }

  kick(by: TelegramPerson): TelegramAct {
    this.#chat.barred = 'kicked';
    const user = this.#bot.user;
    return this.#bot.tell(
      'my_chat_member',
      {
        chat: this.#chat.shape,
        from: userOf(by),
        date: this.#bot.now,
        old_chat_member: { user, status: 'member' },
        new_chat_member: { user, status: 'kicked', until_date: 0 },
      },
      this.#chat,
      0,
    );
  }
}
