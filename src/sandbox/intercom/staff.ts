import type { Author, Conversation, PartDraft } from './conversations.ts';
import { adminTopics } from './topics.ts';
import type {
  Assignee,
  FileToSend,
  IntercomAct,
  IntercomAdmin,
  IntercomBot,
  IntercomTeammate,
  ReplyOptions,
} from './types.ts';
import type { Workspace } from './workspace.ts';

/** A teammate at work in the inbox. */
export class Teammate implements IntercomTeammate {
  readonly id: string;
  readonly name: string;
  readonly #workspace: Workspace;
  readonly #author: Author;

  constructor(workspace: Workspace, admin: IntercomAdmin) {
    this.#workspace = workspace;
    this.id = admin.id;
    this.name = admin.name;
    this.#author = { type: 'admin', ...admin };
  }

  reply(conversationId: string, html: string, options: ReplyOptions = {}): IntercomAct {
    const conversation = this.#workspace.conversation(conversationId);
    const images = (options.inlineImages ?? []).map(image => this.#workspace.image(image)).join('');
    const body = `${html}${images}`;
    const draft = { html: body === '' ? null : body, files: this.#files(options.attachments) };
    if (options.assignTo) {
      const topics = ['conversation.admin.replied', 'conversation.admin.assigned'];
      return this.#add(conversation, { ...draft, type: 'assignment', assignedTo: options.assignTo }, topics);
    }
    return this.#add(conversation, { ...draft, type: conversation.state === 'open' ? 'comment' : 'open' });
  }

  note(conversationId: string, html: string, options: { attachments?: FileToSend[] } = {}): IntercomAct {
    const conversation = this.#workspace.conversation(conversationId);
    return this.#add(conversation, { type: 'note', html, files: this.#files(options.attachments) });
  }

  close(conversationId: string, html?: string): IntercomAct {
    return this.#add(this.#workspace.conversation(conversationId), { type: 'close', html: html ?? null });
  }

  open(conversationId: string, html?: string): IntercomAct {
    return this.#add(this.#workspace.conversation(conversationId), { type: 'open', html: html ?? null });
  }

  assign(conversationId: string, to: Assignee, html?: string): IntercomAct {
    const conversation = this.#workspace.conversation(conversationId);
    return this.#add(conversation, { type: 'assignment', html: html ?? null, assignedTo: to });
  }

  snooze(conversationId: string, until?: Date): IntercomAct {
    const tomorrow = new Date(this.#workspace.now.getTime() + 24 * 60 * 60 * 1000);
    const conversation = this.#workspace.conversation(conversationId);
    return this.#add(conversation, { type: 'snoozed', html: null, snoozedUntil: until ?? tomorrow });
  }

  start(contactId: string, html: string, options: { attachments?: FileToSend[] } = {}): IntercomAct {
    const { conversation, deliveries } = this.#workspace.open(this.#workspace.contact(contactId), {
      author: this.#author,
      html,
      files: this.#files(options.attachments),
      viaApi: false,
    });
    return { conversationId: conversation.id, partId: conversation.source.id, deliveries };
  }

  #files(files: FileToSend[] = []) {
    return files.map(file => this.#workspace.store(file));
  }

  #add(conversation: Conversation, draft: Omit<PartDraft, 'author' | 'viaApi'>, topics?: string[]): IntercomAct {
    const { part, deliveries } = this.#workspace.addPart(
      conversation,
      { ...draft, author: this.#author, viaApi: false },
      topics ?? adminTopics(draft, conversation.state === 'snoozed'),
    );
    return { conversationId: conversation.id, partId: part.id, deliveries };
  }
}

/** Fin, or the operator of a workflow. */
export class Bot implements IntercomBot {
  readonly id: string;
  readonly name: string;
  readonly #workspace: Workspace;
  readonly #author: Author;

  constructor(workspace: Workspace, { id = '991900', name, ai = true }: { id?: string; name?: string; ai?: boolean }) {
    this.#workspace = workspace;
    this.id = id;
    this.name = name ?? (ai ? 'Fin' : 'Operator');
    const email = `operator+${workspace.appId}@intercom.io`;
    this.#author = { type: 'bot', id, name: this.name, email, ai };
  }

  reply(conversationId: string, html: string, options: { attachments?: FileToSend[] } = {}): IntercomAct {
    const { part, deliveries } = this.#workspace.addPart(
      this.#workspace.conversation(conversationId),
      {
        type: 'comment',
        author: this.#author,
        html,
        files: (options.attachments ?? []).map(file => this.#workspace.store(file)),
        viaApi: false,
      },
      ['conversation.operator.replied'],
    );
    return { conversationId, partId: part.id, deliveries };
  }
}
