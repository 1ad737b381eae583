import { readFile } from 'node:fs/promises';
import type { Ajv, ValidateFunction } from 'ajv';
import { asJsonSchema } from '../openapi.ts';
import type { Json } from '../types.ts';
import { loosened, messageSchemas } from './contract-message.ts';

export type Schemas = Record<string, Json>;

const documentId = 'whatsapp.json';

/** The schemas of the operations whose bodies are described well enough to check. */
const bodies: Record<string, string> = {
  subscribeToWabaWebhooks: 'SubscriptionRequest',
  updatePhoneNumberStatus: 'PhoneNumberStatusUpdateRequest',
  registerWhatsAppBusinessPhoneNumber: 'WhatsAppBusinessPhoneNumberRegistrationRequest',
};

/** The document as validators; it is large, so a process reads each once, and only when something is to be checked. */
const documents = new Map<string, Promise<Validators>>();

/** Checks bodies against Meta's OpenAPI document. Every check answers with the problems found, in words. */
export class WhatsAppContract {
  readonly #file: string;

  /** @param file the path of `business-messaging-api_v23.0.yaml` */
  constructor(file: string) {
    this.#file = file;
  }

  async request(operation: string, body: Json): Promise<string[]> {
    const validators = await this.#validators();
    if (operation === 'sendMessage') return validators.message(body);
    const name = bodies[operation];
    return name === undefined ? [] : [...validators.named(name, body), ...validators.strange(name, body)];
  }

  /** @param name of a schema in the document: `MessageResponsePayload` */
  async object(name: string, value: unknown): Promise<string[]> {
    return (await this.#validators()).named(name, value);
  }

  #validators(): Promise<Validators> {
    const known = documents.get(this.#file) ?? Validators.read(this.#file);
    documents.set(this.#file, known);
    return known;
  }
}

class Validators {
  readonly #schemas: Schemas;
  readonly #ajv: Ajv;
  readonly #messages: ReadonlyMap<string, ValidateFunction>;

  private constructor(schemas: Schemas, ajv: Ajv) {
    this.#schemas = schemas;
    this.#ajv = ajv;
    this.#messages = new Map(
      Object.entries(messageSchemas(schemas)).map(([type, schema]) => [
        type,
        ajv.compile(asJsonSchema(schema, documentId) as Json),
      ]),
    );
  }

  /** `ajv` and `yaml` are development dependencies: they are loaded only where there is a contract to check. */
  static async read(file: string): Promise<Validators> {
    const [{ Ajv }, { parse }, text] = await Promise.all([import('ajv'), import('yaml'), readFile(file, 'utf8')]);
    // The paths are nine tenths of the document, examples mostly, and none of them is needed.
    const document = text.slice(text.indexOf('\ncomponents:'), text.indexOf('\npaths:'));
    const schemas = loosened(parse(document, { uniqueKeys: false, prettyErrors: false }).components.schemas as Schemas);
    const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
    ajv.addSchema({ $id: documentId, components: { schemas: asJsonSchema(schemas, documentId) } });
    return new Validators(schemas, ajv);
  }

  message(body: Json): string[] {
    const type = body.status === 'read' ? 'read' : typeof body.type === 'string' ? body.type : 'text';
    const validate = this.#messages.get(type);
    return validate ? problems(validate, body) : [`type ${type} is no type of message`];
  }

  named(name: string, value: unknown): string[] {
    return problems(this.#ajv.compile({ $ref: `${documentId}#/components/schemas/${name}` }), value);
  }

  /** The document closes few objects, so a misspelt field would pass; Meta would quietly do without it. */
  strange(name: string, body: Json): string[] {
    const known = Object.keys((this.#schemas[name]?.properties ?? {}) as Json);
    return Object.keys(body)
      .filter(field => !known.includes(field))
      .map(field => `${field} is no field of ${name}`);
  }
}

function problems(validate: ValidateFunction, value: unknown): string[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) => {
    const field = 'additionalProperty' in params ? ` (${params.additionalProperty})` : '';
    return `${instancePath || 'body'} ${message}${field}`;
  });
}
