import type { ValidateFunction } from 'ajv';
import { asJsonSchema } from '../openapi.ts';
import type { Json } from '../types.ts';

/** The parts of the OpenAPI document that are read here. */
interface OpenApi {
  paths: Record<string, Record<string, Operation>>;
  components: Json & { schemas: Record<string, Json> };
}

interface Operation {
  requestBody?: { content?: Record<string, { schema?: Json }> };
  responses: Record<string, { content?: Record<string, { schema?: Json }> }>;
}

type Compile = (schema: Json) => ValidateFunction;

const documentId = 'intercom.json';

/** Checks bodies against the vendor's OpenAPI description. Every check answers with the problems found, in words. */
export class IntercomContract {
  readonly #document: OpenApi;
  readonly #compile: Compile;
  readonly #validators = new Map<Json, ValidateFunction>();

  private constructor(document: OpenApi, compile: Compile) {
    this.#document = document;
    this.#compile = compile;
  }

  /** `ajv` is a development dependency: it is loaded only where there is a contract to check. */
  static async load(document: OpenApi): Promise<IntercomContract> {
    const { Ajv } = await import('ajv');
    const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
    ajv.addSchema({ $id: documentId, components: asJsonSchema(document.components, documentId) as Json });
    return new IntercomContract(document, schema => ajv.compile(asJsonSchema(schema, documentId) as Json));
  }

  /**
   * @param path as the document writes it: `/conversations/{conversation_id}/reply`
   */
  request(method: string, path: string, body: unknown): string[] {
    const schema = this.#operation(method, path)?.requestBody?.content?.['application/json']?.schema;
    if (!schema) return [];
    const problems = this.#problems(schema, body);
    // The document closes no object, so a misspelt field would pass; the vendor would quietly do without it.
    const known = this.#propertiesOf(schema);
    for (const name of Object.keys(body ?? {})) {
      if (!known.has(name)) problems.push(`${name} is no field of ${method} ${path}`);
    }
    return problems;
  }

  answer(method: string, path: string, status: number, body: unknown): string[] {
    const schema = this.#operation(method, path)?.responses[status]?.content?.['application/json']?.schema;
    return schema ? this.#problems(schema, body) : [];
  }

  #operation(method: string, path: string): Operation | undefined {
    return this.#document.paths[path]?.[method.toLowerCase()];
  }

  #problems(schema: Json, body: unknown): string[] {
    let validate = this.#validators.get(schema);
    if (!validate) {
      validate = this.#compile(schema);
      this.#validators.set(schema, validate);
    }
    if (validate(body)) return [];
    return (validate.errors ?? []).map(error => `${error.instancePath || 'body'} ${error.message}`);
  }

  /** Names of the fields that some variant of the schema knows. */
  #propertiesOf(schema: Json): Set<string> {
    const resolved = typeof schema.$ref === 'string' ? this.#resolve(schema.$ref) : schema;
    const names = new Set(Object.keys((resolved.properties as Json | undefined) ?? {}));
    for (const variant of ['allOf', 'oneOf', 'anyOf'].flatMap(key => (resolved[key] as Json[] | undefined) ?? [])) {
      for (const name of this.#propertiesOf(variant)) names.add(name);
    }
    return names;
  }

  #resolve(ref: string): Json {
    return this.#document.components.schemas[ref.split('/').at(-1) ?? ''] ?? {};
  }
}
