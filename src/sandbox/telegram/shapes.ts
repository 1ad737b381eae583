import type { TelegramEntity, TelegramPerson } from './types.ts';

/** The parts of the Bot API's objects that the double makes and reads; names and types as in `api.json`. */
export interface User {
  id: number;
  is_bot: boolean;
  first_name: string;
  last_name?: string;
  username?: string;
  language_code?: string;
}

export interface ChatShape {
  id: number;
  type: 'private' | 'group' | 'supergroup';
  title?: string;
  first_name?: string;
  last_name?: string;
  username?: string;
}

export interface FileShape {
  file_id: string;
  file_unique_id: string;
  file_size?: number;
  file_name?: string;
  mime_type?: string;
  width?: number;
  height?: number;
  duration?: number;
}

interface LocationShape {
  latitude: number;
  longitude: number;
}

/** What a message says, apart from who says it where and when. */
export interface Content {
  text?: string;
  entities?: TelegramEntity[];
  caption?: string;
  caption_entities?: TelegramEntity[];
  media_group_id?: string;
  reply_to_message?: MessageShape;
  quote?: { text: string; position: number; is_manual?: boolean };
  location?: LocationShape;
  venue?: { location: LocationShape; title: string; address: string };
  contact?: { phone_number: string; first_name: string; last_name?: string };
  reply_markup?: { inline_keyboard: { text: string; callback_data?: string; url?: string }[][] };
  [field: string]: unknown;
}

export interface MessageShape extends Content {
  message_id: number;
  from: User;
  chat: ChatShape;
  date: number;
  edit_date?: number;
}

export function userOf(person: TelegramPerson): User {
  return {
    id: person.id,
    is_bot: false,
    first_name: person.firstName,
    ...(person.lastName === undefined ? {} : { last_name: person.lastName }),
    ...(person.username === undefined ? {} : { username: person.username }),
    ...(person.language === undefined ? {} : { language_code: person.language }),
  };
}

/** The chat that a person has with the bot in private. */
export function privateChatOf(person: TelegramPerson): ChatShape {
  const { id, first_name, last_name, username } = userOf(person);
  return {
    id,
    first_name,
    ...(last_name === undefined ? {} : { last_name }),
    ...(username === undefined ? {} : { username }),
    type: 'private',
  };
}

export function unixSeconds(at: Date): number {
  return Math.floor(at.getTime() / 1000);
}
