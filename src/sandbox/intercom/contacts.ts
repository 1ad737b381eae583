import { IntercomError, invalid, notFound } from './errors.ts';
import type { InboxContact } from './types.ts';

/** What a contact is made of or changed to; null empties a field, undefined leaves it. */
export interface ContactFields {
  role?: 'user' | 'lead';
  externalId?: string | null;
  email?: string | null;
  phone?: string | null;
  name?: string | null;
  avatar?: string | null;
  customAttributes?: Record<string, unknown>;
}

export class Contact implements InboxContact {
  readonly id: string;
  readonly createdAt: Date;
  updatedAt: Date;
  lastRepliedAt: Date | undefined;
  role: 'user' | 'lead' = 'user';
  externalId: string | null = null;
  email: string | null = null;
  phone: string | null = null;
  name: string | null = null;
  avatar: string | null = null;
  customAttributes: Record<string, unknown> = {};
  archived = false;
  /** Whether the search index knows it. */
  indexed: boolean;

  constructor(id: string, at: Date, indexed: boolean) {
    this.id = id;
    this.createdAt = at;
    this.updatedAt = at;
    this.indexed = indexed;
  }

  change(fields: ContactFields, at: Date): void {
    const { customAttributes, ...plain } = fields;
    for (const [name, value] of Object.entries(plain)) if (value !== undefined) Object.assign(this, { [name]: value });
    Object.assign(this.customAttributes, customAttributes);
    this.updatedAt = at;
  }
}

/** A workspace's people, with the rules that keep them apart. */
export class ContactBook {
  readonly #contacts = new Map<string, Contact>();
  /** Ids of contacts that were merged away, with the survivor. */
  readonly #merged = new Map<string, string>();
  #nextId: string | undefined;
  #count = 0;

  get all(): readonly Contact[] {
    return [...this.#contacts.values()];
  }

  nextId(id: string): void {
    this.#nextId = id;
  }

  /** @throws IntercomError 409 where another contact, live or archived, holds the external id or e-mail. */
  create(fields: ContactFields, at: Date, indexed: boolean): Contact {
    const role = fields.role ?? (fields.externalId == null && fields.email == null ? 'lead' : 'user');
    if (role === 'user' && !fields.externalId && !fields.email) {
      throw invalid('A user needs an external_id or an email');
    }
    this.#refuseConflict({ ...fields, role });
    const id = this.#nextId ?? (0x6762f1571bb69f9f00000000n + BigInt(++this.#count)).toString(16);
    this.#nextId = undefined;
    const contact = new Contact(id, at, indexed);
    contact.change({ ...fields, role }, at);
    this.#contacts.set(id, contact);
    return contact;
  }

  /** @throws IntercomError 409 as {@link create}. */
  update(contact: Contact, fields: ContactFields, at: Date): void {
    this.#refuseConflict({ role: contact.role, ...fields }, contact);
    contact.change(fields, at);
  }

  /**
   * By Intercom id, as the API reads it.
   * @throws IntercomError 404 for unknown and archived ones; for merged ones 410, or 404 before API version 2.16.
   */
  read(id: string, knowsMerged: boolean): Contact {
    const survivor = this.#merged.get(id);
    if (survivor !== undefined && knowsMerged) {
      const link = `</contacts/${survivor}>; rel="canonical"`;
      throw new IntercomError(410, 'contact_merged', 'This contact was merged into another one', { link });
    }
    const contact = this.#contacts.get(id);
    if (!contact || contact.archived) throw notFound('User Not Found');
    return contact;
  }

  /** Archived or not; undefined where there is none. */
  find(id: string): Contact | undefined {
    return this.#contacts.get(id) ?? this.all.find(contact => contact.externalId === id);
  }

  merge(from: Contact, into: Contact, at: Date): void {
    const inherited: ContactFields = {
      externalId: into.externalId ?? from.externalId,
      email: into.email ?? from.email,
      phone: into.phone ?? from.phone,
      name: into.name ?? from.name,
      customAttributes: { ...from.customAttributes, ...into.customAttributes },
    };
    this.#contacts.delete(from.id);
    this.#merged.set(from.id, into.id);
    into.change(inherited, at);
  }

  delete(contact: Contact): void {
    this.#contacts.delete(contact.id);
  }

  /** External ids are unique; e-mails are among users. Phone numbers are not. */
  #refuseConflict(fields: ContactFields, self?: Contact): void {
    const holder = this.all.find(
      other =>
        other !== self &&
        ((fields.externalId != null && other.externalId === fields.externalId) ||
          (fields.email != null && fields.role === 'user' && other.role === 'user' && other.email === fields.email)),
    );
    if (!holder) return;
    const kind = holder.archived ? 'An archived contact' : 'A contact';
    throw new IntercomError(409, 'conflict', `${kind} matching those details already exists with id=${holder.id}`);
  }
}
