import { randomBytes } from 'node:crypto';
import type { Delivery, Json } from '../types.ts';
import type { Core } from '../vendor.ts';
import { type Contact, ContactBook, type ContactFields } from './contacts.ts';
import { type Author, Conversation, Part, type PartDraft } from './conversations.ts';
import type { Downloads, StoredFile } from './downloads.ts';
import { IntercomError, notFound } from './errors.ts';
import { textToHtml } from './html.ts';
import { Notifier } from './notifier.ts';
import { contactShape, isContact, notifiedConversation } from './shapes.ts';
import { Bot, Teammate } from './staff.ts';
import type { FileToSend, IntercomAdmin, IntercomWorkspace, Region, WorkspaceOptions } from './types.ts';
import { atLeast } from './version.ts';

export class Workspace implements IntercomWorkspace {
  readonly appId: string;
  readonly appName: string;
  readonly region: Region;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string | undefined;
  readonly installer: IntercomAdmin;
  readonly version: string;
  readonly core: Core;
  readonly book = new ContactBook();
  /** Custom attributes of contacts, by name. */
  readonly attributes = new Map<string, Json>();
  readonly tags = new Map<string, string>();
  readonly revokedTokens = new Set<string>();
  accessToken: string;
  searchLag = false;
  readonly #tokens: Set<string>;
  readonly #downloads: Downloads;
  readonly #notifier: Notifier;
  readonly #admins = new Map<string, IntercomAdmin>();
  readonly #conversations = new Map<string, Conversation>();
  readonly #next: { conversation?: string; part?: string } = {};
  readonly #counts = { conversation: 0, part: 0 };

  constructor(core: Core, downloads: Downloads, options: WorkspaceOptions) {
    this.core = core;
    this.#downloads = downloads;
    this.appId = options.appId;
    this.appName = options.appName ?? options.appId;
    this.region = options.region ?? 'US';
    this.clientId = options.clientId ?? `client-${options.appId}`;
    this.clientSecret = options.clientSecret;
    this.redirectUri = options.redirectUri;
    this.installer = options.admin;
    this.version = options.version ?? '2.14';
    this.accessToken = options.accessToken ?? `sandbox-token-of-${options.appId}`;
    this.#tokens = new Set([this.accessToken]);
    this.#admins.set(options.admin.id, options.admin);
    this.#notifier = new Notifier(core, {
      appId: this.appId,
      clientSecret: this.clientSecret,
      topics: options.topics,
      url: options.webhookUrl,
    });
  }

  get webhookUrl(): string | undefined {
    return this.#notifier.url;
  }

  set webhookUrl(url: string | undefined) {
    this.#notifier.url = url;
  }

  get now(): Date {
    return this.core.now();
  }

  // Credentials

  holdsToken(token: string): boolean {
    return this.#tokens.has(token);
  }

  grantToken(): string {
    const token = randomBytes(24).toString('base64');
    this.#tokens.add(token);
    return token;
  }

  revoke(): string {
    for (const token of this.#tokens) this.revokedTokens.add(token);
    this.#tokens.clear();
    this.accessToken = this.grantToken();
    return this.accessToken;
  }

  // Teammates

  get admins(): readonly IntercomAdmin[] {
    return [...this.#admins.values()];
  }

  /** @throws IntercomError 404 */
  admin(id: string): IntercomAdmin {
    const admin = this.#admins.get(id);
    if (!admin) throw new IntercomError(404, 'admin_not_found', 'Admin for admin_id not found');
    return admin;
  }

  teammate(options: { id: string; name: string; email?: string }): Teammate {
    const known = this.#admins.get(options.id);
    const admin = known ?? { ...options, email: options.email ?? `teammate-${options.id}@example.com` };
    this.#admins.set(admin.id, admin);
    return new Teammate(this, admin);
  }

  bot(options: { id?: string; name?: string; ai?: boolean } = {}): Bot {
    return new Bot(this, options);
  }

  removeAdmin(id: string): Delivery {
    const admin = this.admin(id);
    this.#admins.delete(id);
    return this.tell('admin.removed_from_workspace', { type: 'admin', id, name: admin.name, email: admin.email });
  }

  // Contacts

  get contacts(): readonly Contact[] {
    return this.book.all;
  }

  contact(id: string): Contact {
    const contact = this.book.find(id);
    if (!contact) throw notFound('User Not Found');
    return contact;
  }

  addContact(fields: ContactFields): Contact {
    const contact = this.book.create(fields, this.now, !this.searchLag);
    this.tell(`contact.${contact.role}.created`, contactShape(contact, this.appId));
    return contact;
  }

  mergeContacts(from: string, into: string): Delivery {
    const [loser, survivor] = [this.contact(from), this.contact(into)];
    this.book.merge(loser, survivor, this.now);
    for (const conversation of this.conversations) conversation.replaceContact(loser, survivor);
    return this.tell('contact.merged', contactShape(survivor, this.appId));
  }

  archiveContact(id: string): Delivery {
    const contact = this.contact(id);
    contact.archived = true;
    return this.tell('contact.archived', contactShape(contact, this.appId));
  }

  deleteContact(id: string): Delivery {
    const contact = this.contact(id);
    this.book.delete(contact);
    return this.tell('contact.deleted', { type: 'contact', id: contact.id, external_id: contact.externalId });
  }

  // Conversations

  get conversations(): readonly Conversation[] {
    return [...this.#conversations.values()];
  }

  conversation(id: string): Conversation {
    const conversation = this.#conversations.get(id);
    if (!conversation) throw notFound();
    return conversation;
  }

  addConversation(contactId: string, text: string): Conversation {
    const contact = this.contact(contactId);
    return this.open(contact, { author: authorOf(contact), html: textToHtml(text), viaApi: false }).conversation;
  }

  /** Opens a conversation with its source message, and tells of it. */
  open(contact: Contact, draft: Omit<PartDraft, 'type'>): { conversation: Conversation; deliveries: Delivery[] } {
    const byContact = isContact(draft.author);
    const conversation = new Conversation({
      id: this.#take('conversation'),
      source: this.#part({ ...draft, type: 'source' }),
      deliveredAs: byContact ? 'customer_initiated' : 'admin_initiated',
      contact,
      indexed: !this.searchLag,
    });
    this.#conversations.set(conversation.id, conversation);
    if (byContact) contact.lastRepliedAt = this.now;
    const topic = byContact ? 'conversation.user.created' : 'conversation.admin.single.created';
    return { conversation, deliveries: [this.#tellOf(topic, conversation)] };
  }

  /** Appends a part, lets it have its effect, and tells of it under each of `topics`. */
  addPart(conversation: Conversation, draft: PartDraft, topics: string[]): { part: Part; deliveries: Delivery[] } {
    const part = this.#part(draft);
    conversation.add(part);
    if (draft.snoozedUntil) conversation.snoozedUntil = draft.snoozedUntil;
    if (isContact(part.author)) this.contact(part.author.id).lastRepliedAt = this.now;
    return { part, deliveries: topics.map(topic => this.#tellOf(topic, conversation, part)) };
  }

  /** A contact's words: on a conversation that is not open they stand in an `open` part. */
  addContactReply(conversation: Conversation, draft: Omit<PartDraft, 'type'>): Part {
    const type = conversation.state === 'open' ? 'comment' : 'open';
    return this.addPart(conversation, { ...draft, type }, ['conversation.user.replied']).part;
  }

  redact(conversationId: string, partId: string): Delivery {
    const conversation = this.conversation(conversationId);
    const part = conversation.timeline.find(({ id }) => id === partId);
    if (!part) throw notFound('Conversation part not found');
    part.redact();
    return this.#tellOf('conversation_part.redacted', conversation, part === conversation.source ? undefined : part);
  }

  deleteConversation(id: string): Delivery {
    this.conversation(id);
    this.#conversations.delete(id);
    return this.tell('conversation.deleted', { type: 'conversation', id });
  }

  store(file: FileToSend): StoredFile {
    return this.#downloads.add(file, this.region);
  }

  image(file: FileToSend): string {
    return this.#downloads.image(this.store(file));
  }

  catchUp(): void {
    for (const entry of [...this.contacts, ...this.conversations]) entry.indexed = true;
  }

  /** An id for a message that opens no conversation. */
  takeMessageId(): string {
    return this.#take('part');
  }

  nextConversationId(id: string): void {
    this.#next.conversation = id;
  }

  nextPartId(id: string): void {
    this.#next.part = id;
  }

  nextContactId(id: string): void {
    this.book.nextId(id);
  }

  // Notifications

  tell(topic: string, item: Json): Delivery {
    this.core.changes.changed();
    return this.#notifier.tell(topic, item);
  }

  webhook(body: Json | string, options: { signature?: string | null } = {}): Delivery {
    return this.#notifier.raw(body, options.signature);
  }

  ping(): Delivery {
    return this.tell('ping', { type: 'ping', message: 'hello from the sandbox' });
  }

  #tellOf(topic: string, conversation: Conversation, part?: Part): Delivery {
    const format = atLeast(this.version, '2.15') ? 'plaintext' : 'html';
    return this.tell(topic, notifiedConversation(conversation, part, format));
  }

  #part({ snoozedUntil: _, files, ...draft }: PartDraft): Part {
    return new Part({ ...draft, files: files ?? [], id: this.#take('part'), at: this.now }, this.#downloads);
  }

  #take(kind: 'conversation' | 'part'): string {
    const given = this.#next[kind];
    delete this.#next[kind];
    const first = { conversation: 215_470_000_000_000, part: 31_000_000_000 }[kind];
    return given ?? String(first + ++this.#counts[kind]);
  }
}

export function authorOf(contact: Contact): Author {
  return { type: contact.role, id: contact.id, name: contact.name, email: contact.email };
}
