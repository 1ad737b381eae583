import { badRequest, TelegramBreach } from '../errors.ts';
import { findMessage } from './message.ts';
import type { Method } from './method.ts';
import { readText } from './text.ts';

const editMessageText: Method = (bot, params) => {
  const { chat, message } = findMessage(bot, params, 'message to edit not found');
  if (message.from !== 'bot') throw badRequest("message can't be edited");
  const { text, entities } = readText(params, 'text');
  if (text.trim() === '') throw new TelegramBreach('message text is empty');
  const before = JSON.stringify([message.raw.text, message.raw.entities ?? []]);
  if (before === JSON.stringify([text, entities])) {
    throw badRequest(
      'message is not modified: specified new message content and reply markup are exactly the same as a current ' +
        'content and reply markup of the message',
    );
  }
  delete message.raw.entities;
  Object.assign(message.raw, { text, edit_date: bot.now }, entities.length === 0 ? {} : { entities });
  chat.admitBot();
  bot.core.changes.changed();
  return message.raw;
};

const deleteMessage: Method = (bot, params) => {
  const { chat, message } = findMessage(bot, params, 'message to delete not found');
  chat.delete(message.id);
  bot.core.changes.changed();
  return true;
};

const setMessageReaction: Method = (bot, params) => {
  const { message } = findMessage(bot, params, 'message to react not found');
  const reactions = params.list('reaction') ?? [];
  // Bots may set one reaction a message.
  if (reactions.length > 1) throw badRequest('REACTIONS_TOO_MANY');
  message.reactions.bot = reactions.map(reaction => String(reaction.emoji));
  bot.core.changes.changed();
  return true;
};

const sendChatAction: Method = (bot, params) => {
  const chat = bot.chat(params.needText('chat_id'));
  chat.admitBot();
  chat.actions.push(params.needText('action'));
  bot.core.changes.changed();
  return true;
};

const answerCallbackQuery: Method = (bot, params) => {
  const id = params.needText('callback_query_id');
  const chat = bot.callbacks.get(id);
  if (!chat) throw badRequest('query is too old and response timeout expired or query ID is invalid');
  bot.callbacks.delete(id);
  const text = params.text('text');
  chat.callbackAnswers.push({ callbackQueryId: id, ...(text === undefined ? {} : { text }) });
  bot.core.changes.changed();
  return true;
};

export const actMethods: Record<string, Method> = {
  editMessageText,
  deleteMessage,
  setMessageReaction,
  sendChatAction,
  answerCallbackQuery,
};
