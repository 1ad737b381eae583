import type { Json } from '../types.ts';
import type { Schemas } from './contract.ts';

const string = { type: 'string' };

/** What may stand beside a media object's id or link. */
const besideFile: Record<string, Json> = {
  image: { caption: string },
  video: { caption: string },
  audio: { voice: { type: 'boolean' } },
  document: { caption: string, filename: string },
};

/** Kinds of interactive message that exist, but that the document does not describe. */
const undescribed = ['cta_url', 'location_request_message', 'address_message'];

/**
 * The schemas without what the document's own examples, and messages that Meta is known to take, contradict. It lags some
 * versions behind the API, and closes objects that it composes of two halves, which no body at all would fit.
 */
export function loosened(schemas: Schemas): Schemas {
  const loose = structuredClone(schemas);
  // Examples give coordinates as numbers, the schema wants strings; both are taken.
  const { location } = halfOf(loose, 'LocationMessage').properties as Record<string, { properties: Json }>;
  if (location) Object.assign(location.properties, { latitude: {}, longitude: {} });
  // The only policy there is may be left out.
  set(loose, 'LanguageObject', { required: ['code'] });
  // The pattern admits no index below 2, and the list of sub-types no copy_code.
  const component = loose.TemplateComponent?.properties as Json | undefined;
  if (component) Object.assign(component, { index: {}, sub_type: string });
  for (const card of ['PhoneObject', 'EmailObject', 'UrlObject', 'AddressObject']) {
    const properties = loose[card]?.properties as Json | undefined;
    if (properties) properties.type = string;
  }
  const { type, action, ...rest } = (loose.InteractiveObject?.properties ?? {}) as Json;
  const described = (type as { enum?: string[] } | undefined)?.enum ?? [];
  set(loose, 'InteractiveObject', {
    properties: { ...rest, type: { enum: [...described, ...undescribed] }, action: { type: 'object' } },
    if: { properties: { type: { enum: described } } },
    // biome-ignore lint/suspicious/noThenProperty: JSON Schema's word
    then: { properties: { action: action ?? {} } },
  });
  return loose;
}

/** A closed schema for the body of each type of message, and for marking one as read. */
export function messageSchemas(schemas: Schemas): Schemas {
  const base = (schemas.BaseMessageProperties?.properties ?? {}) as Json;
  const mapping = (schemas.Message?.discriminator as { mapping?: Record<string, string> } | undefined)?.mapping ?? {};
  const messages = Object.entries(mapping).map(([type, ref]): [string, Json] => {
    const own = (halfOf(schemas, ref.split('/').at(-1) ?? '').properties ?? {}) as Json;
    const beside = besideFile[type];
    return [
      type,
      {
        type: 'object',
        // `recipient` stands in for `to` with people who hide their number.
        properties: {
          ...base,
          ...own,
          ...(beside ? { [type]: mediaObject(beside) } : {}),
          recipient: string,
          biz_opaque_callback_data: { type: 'string', maxLength: 512 },
        },
        required: ['messaging_product', type],
        anyOf: [{ required: ['to'] }, { required: ['recipient'] }],
        additionalProperties: false,
      },
    ];
  });
  return { ...Object.fromEntries(messages), read };
}

const read: Json = {
  type: 'object',
  properties: {
    messaging_product: string,
    status: { enum: ['read'] },
    message_id: string,
    typing_indicator: { type: 'object', properties: { type: { enum: ['text'] } }, required: ['type'] },
  },
  required: ['messaging_product', 'status', 'message_id'],
  additionalProperties: false,
};

function mediaObject(beside: Json): Json {
  return {
    type: 'object',
    properties: { id: string, link: string, ...beside },
    oneOf: [{ required: ['id'] }, { required: ['link'] }],
    additionalProperties: false,
  };
}

/** The half of a composed message that is its own. */
function halfOf(schemas: Schemas, name: string): Json {
  const halves = schemas[name]?.allOf as Json[] | undefined;
  return halves?.find(half => half.properties !== undefined) ?? {};
}

function set(schemas: Schemas, name: string, changes: Json): void {
  const schema = schemas[name];
  if (schema) Object.assign(schema, changes);
}
