import type { Json } from '../types.ts';
import { actOf } from './act.ts';
import { Chat } from './chat.ts';
import { ChatMessage, type Content, empty } from './chat-message.ts';
import { newMessageId, timestamp } from './ids.ts';
import { lifetimes, type StoredMedia } from './media.ts';
import type {
  WhatsAppAct,
  WhatsAppCaptionOptions,
  WhatsAppCustomer,
  WhatsAppFileOptions,
  WhatsAppMedia,
  WhatsAppWriteOptions,
} from './types.ts';

type MediaKind = 'image' | 'video' | 'audio' | 'document' | 'sticker';

const usualMime: Record<MediaKind | 'voice', string> = {
  image: 'image/jpeg',
  video: 'video/mp4',
  audio: 'audio/mpeg',
  voice: 'audio/ogg; codecs=opus',
  document: 'application/pdf',
  sticker: 'image/webp',
};

/** A person who writes to one number. Each of their doings is told to the business. */
export class Customer extends Chat implements WhatsAppCustomer {
  text(body: string, options: WhatsAppWriteOptions = {}): WhatsAppAct {
    return this.#write({ type: 'text', text: { body } }, { ...empty, text: body }, options);
  }

  image(bytes: Uint8Array, options: WhatsAppCaptionOptions = {}): WhatsAppAct {
    return this.#sendFile('image', bytes, options);
  }

  video(bytes: Uint8Array, options: WhatsAppCaptionOptions = {}): WhatsAppAct {
    return this.#sendFile('video', bytes, options);
  }

  audio(bytes: Uint8Array, options: WhatsAppFileOptions = {}): WhatsAppAct {
    return this.#sendFile('audio', bytes, { ...options, voice: false });
  }

  voice(bytes: Uint8Array, options: WhatsAppFileOptions = {}): WhatsAppAct {
    return this.#sendFile('audio', bytes, { mime: usualMime.voice, ...options, voice: true });
  }

  document(bytes: Uint8Array, options: WhatsAppCaptionOptions & { name?: string } = {}): WhatsAppAct {
    return this.#sendFile('document', bytes, options);
  }

  sticker(bytes: Uint8Array, options: WhatsAppWriteOptions & { animated?: boolean } = {}): WhatsAppAct {
    return this.#sendFile('sticker', bytes, { animated: false, ...options });
  }

  location(
    place: { latitude: number; longitude: number; name?: string; address?: string },
    options: WhatsAppWriteOptions = {},
  ): WhatsAppAct {
    return this.#write({ type: 'location', location: place }, { ...empty, location: place }, options);
  }

  contacts(cards: { name: string; phone?: string }[], options: WhatsAppWriteOptions = {}): WhatsAppAct {
    const contacts = cards.map(({ name, phone }) => ({
      name: { first_name: name, formatted_name: name },
      ...(phone === undefined ? {} : { phones: [{ phone, wa_id: phone.replace(/\D/g, ''), type: 'CELL' }] }),
    }));
    const shown = cards.map(({ name, phone }) => ({ name, phones: phone === undefined ? [] : [phone] }));
    return this.#write({ type: 'contacts', contacts }, { ...empty, contacts: shown }, options);
  }

  reply(messageId: string, body: string): WhatsAppAct {
    return this.text(body, { replyTo: messageId });
  }

  react(messageId: string, emoji: string): WhatsAppAct {
    this.need(messageId).reactions.customer = emoji;
    return this.#tell({ type: 'reaction', reaction: { message_id: messageId, emoji } });
  }

  unreact(messageId: string): WhatsAppAct {
    delete this.need(messageId).reactions.customer;
    return this.#tell({ type: 'reaction', reaction: { message_id: messageId } });
  }

  press(messageId: string, buttonId: string): WhatsAppAct {
    const { id, title, template } = this.#choice(messageId, buttonId);
    const message = template
      ? { type: 'button', button: { payload: id, text: title } }
      : { type: 'interactive', interactive: { type: 'button_reply', button_reply: { id, title } } };
    return this.#write(message, { ...empty, text: title }, { replyTo: messageId });
  }

  pick(messageId: string, rowId: string): WhatsAppAct {
    const { id, title, description } = this.#choice(messageId, rowId);
    const list_reply = { id, title, ...(description === undefined ? {} : { description }) };
    const message = { type: 'interactive', interactive: { type: 'list_reply', list_reply } };
    return this.#write(message, { ...empty, text: title }, { replyTo: messageId });
  }

  edit(messageId: string, text: string): WhatsAppAct {
    const message = this.#own(messageId);
    const { type } = message;
    const changed =
      type === 'text' ? { text: { body: text } } : { [type]: { ...(message.raw[type] as Json), caption: text } };
    message.text = text;
    message.edited = true;
    return this.#tell({
      type: 'edit',
      edit: { original_message_id: messageId, message: { context: { id: 'M0' }, type, ...changed } },
    });
  }

  revoke(messageId: string): WhatsAppAct {
    this.#own(messageId).revoked = true;
    return this.#tell({ type: 'revoke', revoke: { original_message_id: messageId } });
  }

  send(message: Json & { type: string }, options: WhatsAppWriteOptions = {}): WhatsAppAct {
    return this.#write(message, empty, options);
  }

  read(messageId?: string): void {
    const unread = this.messages.filter(
      ({ from, status, id }) => from === 'business' && (messageId === undefined ? status !== 'read' : id === messageId),
    );
    for (const message of unread) this.number.tellStatus(message, this, 'read');
  }

  changeNumber(waId: string): WhatsAppAct {
    const body = `User ${this.name} changed from ${this.waId} to ${waId}`;
    const act = this.#tell({ type: 'system', system: { body, wa_id: waId, type: 'user_changed_number' } });
    this.waId = waId;
    return act;
  }

  #choice(messageId: string, id: string): { id: string; title: string; description?: string; template: boolean } {
    const message = this.need(messageId);
    const choice = message.choices.find(candidate => candidate.id === id);
    if (!choice) throw new Error(`Message ${messageId} has nothing with the id "${id}" to press or pick.`);
    return { ...choice, template: message.type === 'template' };
  }

  #own(messageId: string): ChatMessage {
    const message = this.need(messageId);
    if (message.from !== 'customer') throw new Error(`Message ${messageId} is not written by ${this.name}.`);
    return message;
  }

  #sendFile(
    kind: MediaKind,
    bytes: Uint8Array,
    options: WhatsAppCaptionOptions & { name?: string; voice?: boolean; animated?: boolean },
  ): WhatsAppAct {
    const { caption, mime = usualMime[kind], name, voice, animated, ...rest } = options;
    const { phoneNumberId, account } = this.number;
    const store = account.app.directory.media;
    const file = store.add({ phoneNumberId, bytes, mime, lifetime: lifetimes.received });
    const message = {
      type: kind,
      [kind]: {
        ...store.shape(file),
        ...(caption === undefined ? {} : { caption }),
        ...(name === undefined ? {} : { filename: name }),
        ...(voice === undefined ? {} : { voice }),
        ...(animated === undefined ? {} : { animated }),
      },
    };
    const media = mediaOf(file, { voice: voice === true, ...(name === undefined ? {} : { name }) });
    return this.#write(message, { ...empty, text: caption ?? '', media }, rest);
  }

  /** Writes a message: it shows in the chat, and the business is told. */
  #write(message: Json & { type: string }, content: Content, options: WhatsAppWriteOptions): WhatsAppAct {
    const { replyTo, forwarded, referral, messageId = newMessageId() } = options;
    const context = {
      ...(replyTo === undefined ? {} : this.#context(replyTo)),
      ...(forwarded === 'once' ? { forwarded: true } : forwarded === 'often' ? { frequently_forwarded: true } : {}),
    };
    this.add(new ChatMessage({ id: messageId, from: 'customer', at: this.number.now, raw: message, replyTo }, content));
    const extras = {
      ...(Object.keys(context).length === 0 ? {} : { context }),
      ...(referral === undefined ? {} : { referral }),
    };
    return this.#tell({ ...extras, ...message }, messageId);
  }

  /** What is quoted, and who wrote it. */
  #context(messageId: string): Json {
    const { from } = this.need(messageId);
    return { from: from === 'business' ? this.number.digits : (this.waId ?? this.bsuid), id: messageId };
  }

  #tell(content: Json & { type: string }, messageId = newMessageId()): WhatsAppAct {
    const at = this.number.now;
    // Whatever a customer does opens the window, a press or a reaction too; a system message is not theirs.
    if (content.type !== 'system') this.openWindow();
    const message = { ...this.as('from'), id: messageId, timestamp: timestamp(at), ...content };
    const letter = this.number.account.tell({
      field: 'messages',
      value: { ...this.number.envelope(), contacts: [this.contact], messages: [message] },
      number: this.number,
      operation: 'messages',
      lane: this.lane,
    });
    return actOf(messageId, message, letter);
  }
}

/** A file as a phone shows it. */
function mediaOf(
  { mediaId, bytes, mime }: StoredMedia,
  { voice, name }: { voice: boolean; name?: string },
): WhatsAppMedia {
  return { mediaId, bytes, mime, voice, ...(name === undefined ? {} : { name }) };
}
