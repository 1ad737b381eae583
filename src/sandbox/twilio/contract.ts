import type { Ajv } from 'ajv';
import { asJsonSchema } from '../openapi.ts';
import type { Json } from '../types.ts';
import type { Form } from './signature.ts';

/** The parts of the OpenAPI documents that are read here. */
export interface OpenApi {
  paths: Record<string, Record<string, Operation>>;
  components: Json;
}

interface Operation {
  operationId?: string;
  parameters?: { name: string; in: string; schema: Json }[];
  requestBody?: { content: Record<string, { schema: Json }> };
  responses: Record<string, { content?: Record<string, { schema: Json }> }>;
}

/** Checks calls and answers against the vendor's OpenAPI documents. Every check answers with the problems, in words. */
export class TwilioContract {
  readonly #operations: ReadonlyMap<string, Operation>;
  readonly #forms: Ajv;
  readonly #answers: Ajv;

  private constructor(operations: ReadonlyMap<string, Operation>, forms: Ajv, answers: Ajv) {
    this.#operations = operations;
    this.#forms = forms;
    this.#answers = answers;
  }

  /**
   * Takes the documents by their hosts; an operation is named `<host> <operationId>`. `ajv` is a development dependency: it
   * is loaded only where there is a contract to check.
   */
  static async load(documents: Record<string, OpenApi>): Promise<TwilioContract> {
    const { Ajv } = await import('ajv');
    const options = { strict: false, allErrors: true, validateFormats: false } as const;
    // In a form everything is a string, and a list of one looks like its only item.
    const forms = new Ajv({ ...options, coerceTypes: 'array' });
    const answers = new Ajv(options);
    const operations = new Map<string, Operation>();
    for (const [host, { paths, components }] of Object.entries(documents)) {
      const schema = { $id: host, components: asJsonSchema(components, host) };
      forms.addSchema(schema);
      answers.addSchema(schema);
      for (const operation of Object.values(paths).flatMap(methods => Object.values(methods))) {
        operations.set(`${host} ${operation.operationId}`, asJsonSchema(operation, host) as Operation);
      }
    }
    return new TwilioContract(operations, forms, answers);
  }

  request(operation: string, query: Readonly<Record<string, string>>, form: Form): string[] {
    const known = this.#operations.get(operation);
    if (!known) return [];
    const filters = known.parameters?.filter(parameter => parameter.in === 'query') ?? [];
    const properties = Object.fromEntries(filters.map(({ name, schema }) => [name, schema]));
    const [body] = Object.values(known.requestBody?.content ?? {});
    return [
      ...this.#fields({ type: 'object', properties }, query, operation),
      ...this.#fields(body?.schema ?? { type: 'object', properties: {} }, form, operation),
    ];
  }

  answer(operation: string, status: number, body: unknown): string[] {
    const schema = this.#operations.get(operation)?.responses[status]?.content?.['application/json']?.schema;
    return schema ? problems(this.#answers, schema, body) : [`${operation} knows no answer ${status}`];
  }

  /** The documents close no object, so a misspelt field would pass; the vendor would quietly do without it. */
  #fields(schema: Json, values: Readonly<Record<string, unknown>>, operation: string): string[] {
    const known = Object.keys((schema.properties ?? {}) as Json);
    const strange = Object.keys(values).filter(name => !known.includes(name));
    return [
      ...problems(this.#forms, schema, structuredClone(values)),
      ...strange.map(name => `${name} is no field of ${operation}`),
    ];
  }
}

/** A schema object that was compiled before is not compiled again: Ajv remembers. */
function problems(ajv: Ajv, schema: Json, value: unknown): string[] {
  const validate = ajv.compile(schema);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(error => `${error.instancePath || 'the call'} ${error.message}`);
}
