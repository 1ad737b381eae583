import type { Delivery, Json } from '../types.ts';

/** Intercom's side: workspaces with their inbox, contacts and teammates. */
export interface IntercomDouble {
  /** An appId or access token in use is refused with an Error. */
  workspace(options: WorkspaceOptions): IntercomWorkspace;
  readonly workspaces: readonly IntercomWorkspace[];
  /** Makes every download link given out so far answer 403, as an expired one does. */
  expireDownloads(): void;
}

export type Region = 'US' | 'EU' | 'AU';

export interface WorkspaceOptions {
  /** The workspace id, `app_id` of webhooks. */
  appId: string;
  /** Default `appId`. */
  appName?: string;
  /** Decides the API host. Default US. */
  region?: Region;
  /** Keys the webhook signature. */
  clientSecret: string;
  /** Default made up; see {@link IntercomWorkspace.accessToken}. */
  accessToken?: string;
  /** Who installed the app: `/me` answers with them. */
  admin: IntercomAdmin;
  /** Where notifications go. Absent: they are made but not posted. */
  webhookUrl?: string;
  /** The app's version in the Developer Hub: from 2.15 on, notifications carry plain text for HTML. Default 2.14. */
  version?: string;
  /** OAuth client. Default `client-<appId>`. Several workspaces may share one. */
  clientId?: string;
  /** The redirect address registered for the OAuth client. */
  redirectUri?: string;
  /** Topics subscribed to. Default: all. */
  topics?: string[];
}

export interface IntercomAdmin {
  id: string;
  name: string;
  email: string;
}

export interface IntercomWorkspace {
  readonly appId: string;
  readonly region: Region;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Answers on the region's host only. OAuth hands out further ones. */
  readonly accessToken: string;
  /** May be set at any time; notifications made before stay unposted. */
  webhookUrl: string | undefined;
  /** All access tokens of the workspace answer 401 from now on. Returns a new one that works. */
  revoke(): string;

  /** Ids for the next things made, so that a case can name them beforehand. */
  nextConversationId(id: string): void;
  /** Also the id of the opening message. */
  nextPartId(id: string): void;
  nextContactId(id: string): void;

  /** While true, contacts and conversations made are missing from both searches. */
  searchLag: boolean;
  /** The search index catches up with all that is there. */
  catchUp(): void;

  /** The teammate with this id; joins the workspace at the first call. */
  teammate(options: { id: string; name: string; email?: string }): IntercomTeammate;
  /** Fin, or a workflow's operator where `ai` is false. */
  bot(options?: { id?: string; name?: string; ai?: boolean }): IntercomBot;
  /** Admin ids that exist: the installer, teammates. */
  readonly admins: readonly IntercomAdmin[];
  /** The teammate leaves: calls that name them answer 404. */
  removeAdmin(id: string): Delivery;

  /** The inbox, oldest first. Deleted conversations are gone. */
  readonly conversations: readonly InboxConversation[];
  /** Throws where there is none. */
  conversation(id: string): InboxConversation;
  /** Archived ones included; merged and deleted ones are gone. */
  readonly contacts: readonly InboxContact[];
  /** By Intercom id or external id. Throws where there is none. */
  contact(id: string): InboxContact;
  /** A contact made by hand, not over the API. */
  addContact(contact: {
    externalId?: string;
    name?: string;
    email?: string;
    phone?: string;
    role?: 'user' | 'lead';
  }): InboxContact;
  /** A conversation that a contact opened in the Messenger, not over the API. */
  addConversation(contactId: string, text: string): InboxConversation;

  redact(conversationId: string, partId: string): Delivery;
  deleteConversation(id: string): Delivery;
  /** Reads of `from` answer 410 with a Link header for API version 2.16 and later, 404 before. */
  mergeContacts(from: string, into: string): Delivery;
  archiveContact(id: string): Delivery;
  deleteContact(id: string): Delivery;

  /**
   * Posts a notification just as given: an object as JSON, a string byte for byte. Signed with the client secret unless
   * `signature` says otherwise; null sends no signature.
   */
  webhook(body: Json | string, options?: { signature?: string | null }): Delivery;
  /** The test notification of the Developer Hub. */
  ping(): Delivery;
}

export interface FileToSend {
  name: string;
  mime: string;
  bytes: Uint8Array;
}

export interface ReplyOptions {
  attachments?: FileToSend[];
  /** Put at the end of the body as `<img>` with signed addresses. */
  inlineImages?: FileToSend[];
  /** Reply and assign in one: the text stands in an `assignment` part. */
  assignTo?: Assignee;
}

export interface Assignee {
  type: 'admin' | 'team' | 'nobody';
  /** Not used for nobody. */
  id?: string;
}

/** A part made by a teammate or bot and the notifications of it, in order. */
export interface IntercomAct {
  conversationId: string;
  partId: string;
  deliveries: Delivery[];
}

export interface IntercomTeammate {
  readonly id: string;
  readonly name: string;
  /** On a closed or snoozed conversation the text stands in an `open` part. */
  reply(conversationId: string, html: string, options?: ReplyOptions): IntercomAct;
  note(conversationId: string, html: string, options?: { attachments?: FileToSend[] }): IntercomAct;
  /** With text: one `close` part, told under admin.replied and under admin.closed. */
  close(conversationId: string, html?: string): IntercomAct;
  open(conversationId: string, html?: string): IntercomAct;
  /** Text given here is a hand-over between teammates, told under admin.assigned only. */
  assign(conversationId: string, to: Assignee, html?: string): IntercomAct;
  snooze(conversationId: string, until?: Date): IntercomAct;
  /** Opens a conversation with a contact: told under admin.single.created, the text in `source`. */
  start(contactId: string, html: string, options?: { attachments?: FileToSend[] }): IntercomAct;
}

export interface IntercomBot {
  readonly id: string;
  readonly name: string;
  reply(conversationId: string, html: string, options?: { attachments?: FileToSend[] }): IntercomAct;
}

export interface InboxConversation {
  readonly id: string;
  readonly contactIds: readonly string[];
  readonly state: 'open' | 'closed' | 'snoozed';
  readonly assignee: Assignee;
  readonly createdAt: Date;
  /** How it began: `customer_initiated`, `admin_initiated`. */
  readonly deliveredAs: string;
  /** The opening message; its type is `source`. */
  readonly source: InboxPart;
  readonly parts: readonly InboxPart[];
  /** `source`, then `parts`. */
  readonly timeline: readonly InboxPart[];
  readonly tags: readonly string[];
  readonly customAttributes: Readonly<Record<string, unknown>>;
}

export interface InboxPart {
  readonly id: string;
  /** `source`, `comment`, `note`, `close`, `open`, `assignment`, `snoozed`, `quick_reply`. */
  readonly type: string;
  readonly author: { type: 'user' | 'lead' | 'admin' | 'bot'; id: string; name: string | null };
  readonly html: string | null;
  /** The same without markup; empty where there is none. */
  readonly text: string;
  readonly attachments: readonly InboxFile[];
  readonly at: Date;
  readonly redacted: boolean;
  /** Made through the API, not by a person in the inbox. */
  readonly viaApi: boolean;
}

export interface InboxFile {
  readonly name: string;
  readonly mime: string;
  readonly bytes: Uint8Array;
  /** A fresh signed address on the vendor's download host. */
  readonly url: string;
}

export interface InboxContact {
  readonly id: string;
  readonly externalId: string | null;
  readonly role: 'user' | 'lead';
  readonly name: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly customAttributes: Readonly<Record<string, unknown>>;
  readonly archived: boolean;
}
