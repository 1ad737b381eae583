import { Ajv, type ValidateFunction } from 'ajv';

type Schema = Readonly<Record<string, unknown>>;

interface Operation {
  parameters?: { name?: string; in?: string; schema?: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, { schema?: Schema }> }>;
}

interface Description {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

/** Parts of the Graph API that Meta's WhatsApp description leaves out. */
const undescribed = {
  paths: ['/debug_token'],
  /** Taken by every read of the Graph API. */
  parameters: ['fields', 'limit', 'after', 'appsecret_proof', 'phone_number_id'],
  /** Of a message, newer than the description: business-scoped ids and the sender's own data. */
  message: { recipient: { type: 'string' }, biz_opaque_callback_data: { type: 'string', maxLength: 512 } },
};

/** Checks calls and the answers that a test makes up for them against Meta's own description of the API. */
export class GraphContract {
  readonly #ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  readonly #operations: { method: string; path: RegExp; literals: number; operation: Operation }[] = [];

  constructor(description: Description) {
    const schemas = Object.entries(description.components.schemas).map(([name, schema]) => [
      name,
      closed(schema, description),
    ]);
    this.#ajv.addSchema({ $id: 'graph', components: { schemas: Object.fromEntries(schemas) } });
    for (const [template, methods] of Object.entries(description.paths)) {
      const steps = template.split('/').filter(step => step !== '' && step !== '{Version}');
      const path = new RegExp(`^/${steps.map(step => (step.startsWith('{') ? String.raw`\d+` : step)).join('/')}$`);
      const literals = steps.filter(step => !step.startsWith('{')).length;
      for (const method of ['get', 'post', 'delete']) {
        const operation = methods[method];
        if (operation) this.#operations.push({ method: method.toUpperCase(), path, literals, operation });
      }
    }
  }

  /** What is wrong with a call. `path` stands behind the version. */
  problemsOfCall(method: string, path: string, query: readonly string[], type: string, body: unknown): string[] {
    if (undescribed.paths.includes(path)) return [];
    const found = this.#find(method, path);
    const [first] = found;
    if (!first) return [`${method} ${path} is not described`];
    const known = found.flatMap(operation => operation.parameters?.map(parameter => parameter.name) ?? []);
    const unknown = query.filter(name => !known.includes(name) && !undescribed.parameters.includes(name));
    const problems = unknown.map(name => `the parameter ${name} is not known`);
    if (body !== undefined) {
      const taken = found.map(operation => operation.requestBody?.content[type]?.schema);
      const judged = taken.flatMap(schema => (schema ? [this.#problems(schema, body)] : []));
      const best = judged.toSorted((a, b) => a.length - b.length)[0] ?? [`takes no ${type}`];
      problems.push(...best);
    }
    return problems.map(problem => `${method} ${path}: ${problem}`);
  }

  /** What an answer could not have been. */
  problemsOfAnswer(method: string, path: string, status: number, body: unknown): string[] {
    const judged = this.#find(method, path).flatMap(({ responses }) => {
      const schema = responses[status]?.content?.['application/json']?.schema;
      return schema ? [this.#problems(schema, body)] : [];
    });
    const best = judged.toSorted((a, b) => a.length - b.length)[0] ?? [];
    return best.map(problem => `answer to ${method} ${path}: ${problem}`);
  }

  /** Many templates are a mere id, so several may fit: those with the most words in common. */
  #find(method: string, path: string): Operation[] {
    const fitting = this.#operations.filter(candidate => candidate.method === method && candidate.path.test(path));
    const most = Math.max(...fitting.map(candidate => candidate.literals));
    return fitting.filter(candidate => candidate.literals === most).map(({ operation }) => operation);
  }

  #problems(schema: Schema, value: unknown): string[] {
    const validate = this.#ajv.compile(qualified(schema)) as ValidateFunction;
    if (validate(value)) return [];
    return (validate.errors ?? []).map(
      error => `${error.instancePath || 'it'} ${error.message} ${JSON.stringify(error.params)}`,
    );
  }
}

function qualified(schema: Schema): Schema {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"graph#/components'));
}

/**
 * The messages are described as `allOf` of a base and a closed object, which taken at its word forbids every message: the
 * two are one closed object. What people without a number need is let in, and `to` is not asked of them.
 */
function closed(schema: Schema, description: Description): Schema {
  const parts = Array.isArray(schema.allOf) ? (schema.allOf as Schema[]) : [];
  if (!parts.some(part => part.$ref === '#/components/schemas/BaseMessageProperties')) return schema;
  const whole = parts.map(part => {
    const name = typeof part.$ref === 'string' ? part.$ref.split('/').pop() : undefined;
    return name === undefined ? part : (description.components.schemas[name] ?? {});
  });
  const required = whole.flatMap(part => (part.required ?? []) as string[]).filter(name => name !== 'to');
  const properties = Object.assign({}, ...whole.map(part => part.properties), undescribed.message) as Schema;
  return { type: 'object', required, properties, additionalProperties: false };
}
