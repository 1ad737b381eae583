import type { Json } from '../../types.ts';
import type { Contact, ContactFields } from '../contacts.ts';
import { contactNotFound, invalid, missing } from '../errors.ts';
import { type FieldReader, paginate, search } from '../search.ts';
import { contactShape, seconds } from '../shapes.ts';
import { atLeast } from '../version.ts';
import type { Workspace } from '../workspace.ts';
import type { ApiCall, Route } from './route.ts';

function read({ workspace, params, version }: ApiCall): Contact {
  return workspace.book.read(params.contact_id ?? '', atLeast(version, '2.16'));
}

function show(workspace: Workspace, contact: Contact): Json {
  return contactShape(contact, workspace.appId);
}

function findByExternalId({ workspace, params }: ApiCall): Json {
  const contact = workspace.contacts.find(({ externalId }) => externalId === params.external_id);
  if (!contact || contact.archived) throw contactNotFound();
  return show(workspace, contact);
}

function create({ workspace, body }: ApiCall): Json {
  return show(workspace, workspace.addContact(fieldsOf(workspace, body)));
}

function update(call: ApiCall): Json {
  const { workspace, body } = call;
  const contact = read(call);
  workspace.book.update(contact, fieldsOf(workspace, body), workspace.now);
  workspace.tell(`contact.${contact.role}.updated`, show(workspace, contact));
  return show(workspace, contact);
}

function remove(call: ApiCall): Json {
  const contact = read(call);
  call.workspace.deleteContact(contact.id);
  return { ...reference(contact), deleted: true };
}

function archive(call: ApiCall): Json {
  const contact = read(call);
  call.workspace.archiveContact(contact.id);
  return { ...reference(contact), archived: true };
}

/** The one call that finds an archived contact. */
function unarchive({ workspace, params }: ApiCall): Json {
  const contact = workspace.contacts.find(({ id }) => id === params.contact_id);
  if (!contact) throw contactNotFound();
  contact.archived = false;
  workspace.tell('contact.unarchived', show(workspace, contact));
  return { ...reference(contact), archived: false };
}

function merge({ workspace, body, version }: ApiCall): Json {
  const [from, into] = [body.from, body.into].map(id => workspace.book.read(String(id), atLeast(version, '2.16')));
  if (!from || !into || from === into) throw invalid('from and into must be two contacts');
  if (from.role !== 'lead' || into.role !== 'user') throw invalid('Only a lead can be merged into a user');
  workspace.mergeContacts(from.id, into.id);
  return show(workspace, into);
}

function searchContacts({ workspace, body }: ApiCall): Json {
  if (body.query === undefined) throw missing('query');
  const visible = workspace.contacts.filter(contact => contact.indexed && !contact.archived);
  const { page, pages, total } = paginate(search(visible, body.query, readField), body.pagination);
  return { type: 'list', data: page.map(contact => show(workspace, contact)), total_count: total, pages };
}

/** Times compare by whole days, as the vendor's contact search does. */
const readField: FieldReader<Contact> = (contact, field) => {
  const custom = /^custom_attributes\.(.+)$/.exec(field)?.[1];
  if (custom !== undefined) return (contact.customAttributes[custom] as string | undefined) ?? null;
  switch (field) {
    case 'id':
      return contact.id;
    case 'external_id':
      return contact.externalId;
    case 'role':
      return contact.role;
    case 'email':
      return contact.email;
    case 'phone':
      return contact.phone;
    case 'name':
      return contact.name;
    case 'created_at':
      return startOfDay(contact.createdAt);
    case 'updated_at':
      return startOfDay(contact.updatedAt);
    default:
      return undefined;
  }
};

function startOfDay(at: Date): number {
  return seconds(at) - (seconds(at) % 86_400);
}

function reference(contact: Contact): Json {
  return { type: 'contact', id: contact.id, external_id: contact.externalId };
}

function fieldsOf(workspace: Workspace, body: Json): ContactFields {
  const given = <T>(name: string): T | undefined => body[name] as T | undefined;
  const role = given<string>('role');
  if (role !== undefined && role !== 'user' && role !== 'lead') throw invalid('role must be user or lead');
  const customAttributes = given<Record<string, unknown>>('custom_attributes') ?? {};
  for (const name of Object.keys(customAttributes)) {
    if (!workspace.attributes.has(name)) throw invalid(`Custom attribute '${name}' does not exist`);
  }
  const fields = {
    role,
    externalId: given<string | null>('external_id'),
    email: given<string | null>('email'),
    phone: given<string | null>('phone'),
    name: given<string | null>('name'),
    avatar: given<string | null>('avatar'),
    customAttributes,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

const one = '/contacts/{contact_id}';

export const contactRoutes: Route[] = [
  {
    operation: 'ShowContactByExternalId',
    method: 'GET',
    path: '/contacts/find_by_external_id/{external_id}',
    handle: findByExternalId,
  },
  { operation: 'SearchContacts', method: 'POST', path: '/contacts/search', handle: searchContacts },
  { operation: 'MergeContact', method: 'POST', path: '/contacts/merge', handle: merge },
  { operation: 'CreateContact', method: 'POST', path: '/contacts', handle: create },
  { operation: 'ShowContact', method: 'GET', path: one, handle: call => show(call.workspace, read(call)) },
  { operation: 'UpdateContact', method: 'PUT', path: one, handle: update },
  { operation: 'DeleteContact', method: 'DELETE', path: one, handle: remove },
  { operation: 'ArchiveContact', method: 'POST', path: `${one}/archive`, handle: archive },
  { operation: 'UnarchiveContact', method: 'POST', path: `${one}/unarchive`, handle: unarchive },
];
