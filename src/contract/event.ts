import type { Failure } from './failure.ts';
import type { Part, Quote, Referral, Sender } from './message.ts';

/**
 * Something that happened at a provider or a platform. `normalise` makes events, the relay stores and applies them.
 * The same list serves both sides: on a channel `conversation` is the address one answers to (a chat, a phone number),
 * on a platform it is the thread.
 */
interface Base {
  /**
   * What makes this event itself at its provider, unique within the channel or workspace. A second event with the same
   * key is a redelivery and does nothing. Choose the thing's own identity (a message id), not the envelope's, wherever
   * the provider can report one thing in two envelopes.
   */
  key: string;
  /** When it happened, ISO 8601 UTC. Absent: the provider gives no time, and the time of receipt stands for it. */
  at?: string;
}

interface InConversation extends Base {
  conversation: string;
  /** The customer's side, where the event tells it. */
  sender?: Sender;
}

/** A chat of several people. Its messages share one conversation, and each text is prefixed with its author's name. */
export interface Group {
  id: string;
  name: string;
}

export interface MessageEvent extends InConversation {
  type: 'message';
  /** The provider's message id, unique within the conversation. */
  id: string;
  sender: Sender;
  parts: Part[];
  replyTo?: Quote;
  referral?: Referral;
  /** Who wrote it first, for forwarded messages. */
  forwardedFrom?: string;
  /** Items that the provider shows as one album share this id. */
  album?: string;
  group?: Group;
  /** Platform only: the contact's id there, with which a thread unknown to us can still find its customer. */
  contact?: string;
}

/** Sent by the business itself from elsewhere (its phone, another tool): shown in the inbox, never sent again. */
export interface EchoEvent extends Omit<MessageEvent, 'type'> {
  type: 'echo';
}

export interface EditEvent extends InConversation {
  type: 'edit';
  id: string;
  parts: Part[];
}

export interface DeleteEvent extends InConversation {
  type: 'delete';
  id: string;
}

export interface ReactionEvent extends InConversation {
  type: 'reaction' | 'reaction_removed';
  /** The message reacted to. */
  id: string;
  /** Absent only on `reaction_removed`. */
  emoji?: string;
}

export type ReceiptStatus = 'sent' | 'delivered' | 'read' | 'failed';

export interface ReceiptEvent extends Base {
  type: 'receipt';
  /** The provider's message id, as `send` returned it. */
  id: string;
  status: ReceiptStatus;
  failure?: Failure;
  conversation?: string;
}

export interface ConsentEvent extends InConversation {
  type: 'opted_in' | 'opted_out';
  /** The provider's id of the person. */
  contact: string;
}

export interface StartedEvent extends InConversation {
  type: 'conversation_started';
  referral?: Referral;
}

/** The provider moved a chat to a new address; history and thread stay. */
export interface MigratedEvent extends Base {
  type: 'chat_migrated';
  from: string;
  to: string;
}

/** The platform joined two contacts, or threads, into one. */
export interface MergedEvent extends Base {
  type: 'contact_merged' | 'thread_merged';
  from: string;
  to: string;
}

/** What happened to a thread on the platform, apart from messages. */
export interface ThreadEvent extends InConversation {
  type:
    | 'conversation_closed'
    | 'conversation_opened'
    | 'conversation_snoozed'
    | 'conversation_deleted'
    | 'assigned'
    | 'typing';
}

/** A contact is gone from the platform; the next message makes or finds one anew. */
export interface ContactGoneEvent extends Base {
  type: 'contact_gone';
  contact: string;
}

/** The provider says something about the channel or workspace itself. */
export interface StatusEvent extends Base {
  type: 'channel_status';
  status: 'connected' | 'offline' | 'disconnected';
  reason: string;
}

/** Authentic, but of a kind this version does not know or does not use: kept in the journal with its reason. */
export interface UnknownEvent extends Base {
  type: 'unknown' | 'ignored';
  /** The provider's word for it. */
  kind: string;
}

export type Event =
  | MessageEvent
  | EchoEvent
  | EditEvent
  | DeleteEvent
  | ReactionEvent
  | ReceiptEvent
  | ConsentEvent
  | StartedEvent
  | MigratedEvent
  | MergedEvent
  | ThreadEvent
  | ContactGoneEvent
  | StatusEvent
  | UnknownEvent;
