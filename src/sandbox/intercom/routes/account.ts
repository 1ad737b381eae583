import type { Json } from '../../types.ts';
import { invalid, missing, notFound } from '../errors.ts';
import { adminShape, seconds } from '../shapes.ts';
import type { ApiCall, Route } from './route.ts';

function me({ workspace }: ApiCall): Json {
  return {
    ...adminShape(workspace.installer),
    avatar: { type: 'avatar', image_url: null },
    email_verified: true,
    app: {
      type: 'app',
      id_code: workspace.appId,
      name: workspace.appName,
      region: workspace.region,
      timezone: 'Etc/UTC',
      created_at: 1_700_000_000,
      identity_verification: false,
    },
  };
}

function listAdmins({ workspace }: ApiCall): Json {
  return {
    type: 'admin.list',
    admins: workspace.admins.map(admin => ({ ...adminShape(admin), avatar: null })),
  };
}

function listDataAttributes({ workspace, query }: ApiCall): Json {
  const all = [...workspace.attributes.values()];
  return { type: 'list', data: all.filter(({ model }) => query.model === undefined || model === query.model) };
}

function createDataAttribute({ workspace, body }: ApiCall): Json {
  const { name, model, data_type } = body;
  if (typeof name !== 'string' || name === '') throw missing('name');
  if (workspace.attributes.has(name)) throw invalid(`You already have '${name}' in your ${model} data`);
  const at = seconds(workspace.now);
  const attribute: Json = {
    type: 'data_attribute',
    id: workspace.attributes.size + 1,
    name,
    full_name: `custom_attributes.${name}`,
    label: name,
    model,
    description: body.description ?? '',
    data_type: data_type === 'datetime' ? 'date' : data_type,
    api_writable: true,
    ui_writable: true,
    messenger_writable: body.messenger_writable ?? false,
    custom: true,
    archived: false,
    created_at: at,
    updated_at: at,
    admin_id: workspace.installer.id,
  };
  workspace.attributes.set(name, attribute);
  return attribute;
}

function listTags({ workspace }: ApiCall): Json {
  return { type: 'list', data: [...workspace.tags].map(([id, name]) => ({ type: 'tag', id, name })) };
}

/** Creates a tag, or gives the one of that name. */
function createTag({ workspace, body }: ApiCall): Json {
  if (typeof body.name !== 'string' || body.name === '') throw missing('name');
  const wanted = body.name.toLowerCase();
  const known = [...workspace.tags].find(([, name]) => name.toLowerCase() === wanted);
  const [id, name] = known ?? [String(workspace.tags.size + 1), body.name];
  workspace.tags.set(id, name);
  return { type: 'tag', id, name };
}

function tagConversation({ workspace, params, body }: ApiCall): Json {
  const conversation = workspace.conversation(params.conversation_id ?? '');
  const admin = workspace.admin(String(body.admin_id));
  const id = String(body.id);
  const name = workspace.tags.get(id);
  if (name === undefined) throw notFound();
  conversation.tagIds.set(id, name);
  workspace.core.changes.changed();
  return {
    type: 'tag',
    id,
    name,
    applied_at: seconds(workspace.now),
    applied_by: { type: 'admin', id: admin.id },
  };
}

function untagConversation({ workspace, params }: ApiCall): Json {
  const conversation = workspace.conversation(params.conversation_id ?? '');
  const id = params.tag_id ?? '';
  const name = conversation.tagIds.get(id);
  if (name === undefined) throw notFound();
  conversation.tagIds.delete(id);
  workspace.core.changes.changed();
  return { type: 'tag', id, name };
}

export const accountRoutes: Route[] = [
  { operation: 'identifyAdmin', method: 'GET', path: '/me', handle: me },
  { operation: 'listAdmins', method: 'GET', path: '/admins', handle: listAdmins },
  { operation: 'lisDataAttributes', method: 'GET', path: '/data_attributes', handle: listDataAttributes },
  { operation: 'createDataAttribute', method: 'POST', path: '/data_attributes', handle: createDataAttribute },
  { operation: 'listTags', method: 'GET', path: '/tags', handle: listTags },
  { operation: 'createTag', method: 'POST', path: '/tags', handle: createTag },
  {
    operation: 'attachTagToConversation',
    method: 'POST',
    path: '/conversations/{conversation_id}/tags',
    handle: tagConversation,
  },
  {
    operation: 'detachTagFromConversation',
    method: 'DELETE',
    path: '/conversations/{conversation_id}/tags/{tag_id}',
    handle: untagConversation,
  },
];
