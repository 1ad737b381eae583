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

  /** `ajv` is a development dependency: it is loaded only where there is a contract to check. */
  static async load(documents: Record<string, OpenApi>): Promise<TwilioContract> {
    const { Ajv } = await import('ajv');
    const options = { strict: false, allErrors: true, validateFormats: false } as const;
    // In a form everything is a string, and a list of one looks like its only item.
    const forms = new Ajv({ ...options, coerceTypes: 'array' });
    const answers = new Ajv(options);
    const operations = new Map<string, Operation>();
    for (const [$id, { paths, components }] of Object.entries(documents)) {
      const schema = { $id, components: asJsonSchema(components, $id) };
      forms.addSchema(schema);
      answers.addSchema(schema);
      for (const operation of Object.values(paths).flatMap(methods => Object.values(methods))) {
        if (operation.operationId) operations.set(operation.operationId, asJsonSchema(operation, $id) as Operation);
      }
    }
    return new TwilioContract(operations, forms, answers);
  }

  request(operationId: string, query: Readonly<Record<string, string>>, form: Form): string[] {
    const operation = this.#operations.get(operationId);
    if (!operation) return [];
    const filters = operation.parameters?.filter(parameter => parameter.in === 'query') ?? [];
    const properties = Object.fromEntries(filters.map(({ name, schema }) => [name, schema]));
    const [body] = Object.values(operation.requestBody?.content ?? {});
    return [
      ...this.#fields({ type: 'object', properties }, query, operationId),
      ...this.#fields(body?.schema ?? { type: 'object', properties: {} }, form, operationId),
    ];
  }

  answer(operationId: string, status: number, body: unknown): string[] {
    const schema = this.#operations.get(operationId)?.responses[status]?.content?.['application/json']?.schema;
    return schema ? problems(this.#answers, schema, body) : [`${operationId} knows no answer ${status}`];
  }

  /** The documents close no object, so a misspelt field would pass; the vendor would quietly do without it. */
  #fields(schema: Json, values: Readonly<Record<string, unknown>>, operationId: string): string[] {
    const known = Object.keys((schema.properties ?? {}) as Json);
    const strange = Object.keys(values).filter(name => !known.includes(name));
    return [
      ...problems(this.#forms, schema, structuredClone(values)),
      ...strange.map(name => `${name} is no field of ${operationId}`),
    ];
  }
}

/** A schema object that was compiled before is not compiled again: Ajv remembers. */
function problems(ajv: Ajv, schema: Json, value: unknown): string[] {
  const validate = ajv.compile(schema);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(error => `${error.instancePath || 'the call'} ${error.message}`);
}
