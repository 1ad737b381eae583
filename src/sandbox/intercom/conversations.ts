import type { Contact } from './contacts.ts';
import type { Downloads, StoredFile } from './downloads.ts';
import { htmlToText } from './html.ts';
import type { Assignee, InboxConversation, InboxPart } from './types.ts';

export interface Author {
  type: 'user' | 'lead' | 'admin' | 'bot';
  id: string;
  name: string | null;
  email: string | null;
  /** Bots: whether Fin wrote it. */
  ai?: boolean;
}

export interface NewPart {
  id: string;
  type: string;
  author: Author;
  html: string | null;
  files: StoredFile[];
  at: Date;
  viaApi: boolean;
  assignedTo?: Assignee;
  metadata?: Record<string, unknown>;
}

/** What whoever adds a part decides; the workspace gives it its id and time. */
export type PartDraft = Omit<NewPart, 'id' | 'at' | 'files'> & { files?: StoredFile[]; snoozedUntil?: Date };

export class Part implements InboxPart {
  readonly id: string;
  readonly type: string;
  readonly author: Author;
  readonly at: Date;
  readonly viaApi: boolean;
  readonly assignedTo: Assignee | undefined;
  readonly metadata: Record<string, unknown>;
  readonly #downloads: Downloads;
  #html: string | null;
  #files: StoredFile[];
  redacted = false;

  constructor(part: NewPart, downloads: Downloads) {
    this.id = part.id;
    this.type = part.type;
    this.author = part.author;
    this.at = part.at;
    this.viaApi = part.viaApi;
    this.assignedTo = part.assignedTo;
    this.metadata = part.metadata ?? {};
    this.#html = part.html;
    this.#files = part.files;
    this.#downloads = downloads;
  }

  get html(): string | null {
    return this.#downloads.render(this.#html);
  }

  get text(): string {
    return htmlToText(this.#html);
  }

  get attachments(): readonly StoredFile[] {
    return this.#files;
  }

  redact(): void {
    this.redacted = true;
    this.#html = null;
    this.#files = [];
  }
}

export class Conversation implements InboxConversation {
  readonly id: string;
  readonly source: Part;
  readonly deliveredAs: string;
  readonly contacts: Contact[];
  readonly #parts: Part[] = [];
  readonly tagIds = new Map<string, string>();
  readonly customAttributes: Record<string, unknown> = {};
  state: 'open' | 'closed' | 'snoozed' = 'open';
  assignee: Assignee = { type: 'nobody' };
  snoozedUntil: Date | undefined;
  updatedAt: Date;
  title: string | null = null;
  read = false;
  /** Whether the search index knows it. */
  indexed: boolean;

  constructor(about: { id: string; source: Part; deliveredAs: string; contact: Contact; indexed: boolean }) {
    this.id = about.id;
    this.source = about.source;
    this.deliveredAs = about.deliveredAs;
    this.contacts = [about.contact];
    this.updatedAt = about.source.at;
    this.indexed = about.indexed;
  }

  get contactIds(): readonly string[] {
    return this.contacts.map(contact => contact.id);
  }

  get createdAt(): Date {
    return this.source.at;
  }

  get parts(): readonly Part[] {
    return this.#parts;
  }

  get timeline(): readonly Part[] {
    return [this.source, ...this.#parts];
  }

  get tags(): readonly string[] {
    return [...this.tagIds.values()];
  }

  /** Adds a part and lets it have its effect on the conversation's state. */
  add(part: Part): void {
    this.#parts.push(part);
    this.updatedAt = part.at;
    if (part.assignedTo) this.assignee = part.assignedTo;
    if (part.type === 'open') this.state = 'open';
    if (part.type === 'close') this.state = 'closed';
    if (part.type === 'snoozed') this.state = 'snoozed';
    else if (part.type !== 'note') this.snoozedUntil = undefined;
  }

  replaceContact(from: Contact, into: Contact): void {
    const index = this.contacts.indexOf(from);
    if (index >= 0) this.contacts.splice(index, 1, ...(this.contacts.includes(into) ? [] : [into]));
  }
}
