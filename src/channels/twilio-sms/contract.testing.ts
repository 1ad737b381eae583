import { Ajv, type ValidateFunction } from 'ajv';
import { fullFormats } from 'ajv-formats/dist/formats.js';

type Schema = Record<string, unknown>;

interface Operation {
  parameters?: { name: string; in: 'path' | 'query'; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema & { properties: Record<string, Schema> } }> };
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
}

interface Description {
  paths: Record<string, Record<string, Operation>>;
  components: Schema;
}

interface Described {
  operation: Operation;
  components: Schema;
}

const descriptions = {
  'https://api.twilio.com': 'contracts/twilio/twilio_api_v2010.trimmed.json',
  'https://messaging.twilio.com': 'contracts/twilio/twilio_messaging_v1.trimmed.json',
};

/** Formats of Twilio's own, which say nothing that can be checked. */
const loose = ['phone-number', 'http-method', 'date-time-rfc-2822', 'uri-map', 'phone-number-capabilities', 'currency'];

/** Checks calls, and the answers that a test makes up for them, against Twilio's own OpenAPI descriptions. */
export class TwilioContract {
  readonly #ajv = new Ajv({ strict: false, coerceTypes: true, allErrors: true });
  readonly #operations: ({ origin: string; method: string; path: RegExp } & Described)[] = [];
  readonly #validators = new Map<Schema, ValidateFunction>();

  constructor(read: (path: string) => unknown) {
    for (const [name, format] of Object.entries(fullFormats)) this.#ajv.addFormat(name, format);
    for (const name of loose) this.#ajv.addFormat(name, true);
    for (const [origin, file] of Object.entries(descriptions)) {
      const { paths, components } = read(file) as Description;
      for (const [template, methods] of Object.entries(paths)) {
        const path = new RegExp(`^${template.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+?')}$`);
        for (const method of ['get', 'post', 'delete']) {
          const operation = methods[method];
          if (operation) this.#operations.push({ origin, method, path, operation, components });
        }
      }
    }
  }

  /** What is wrong with a call of Twilio's API; calls of other hosts, and of files, are none of its business. */
  problemsOfCall(what: string, { query, form }: { query: URLSearchParams; form: URLSearchParams }): string[] {
    const found = this.#find(what);
    if (found === 'elsewhere') return [];
    if (!found) return [`${what} is not described`];
    const wrong = [...this.#queryProblems(found, query), ...this.#formProblems(found, form)];
    return wrong.map(problem => `${what}: ${problem}`);
  }

  /** What an answer could not have been; only successes are described. */
  problemsOfAnswer(what: string, status: number, body: unknown): string[] {
    const found = this.#find(what);
    if (found === 'elsewhere' || !found || status >= 300) return [];
    const schema = found.operation.responses[status]?.content?.['application/json']?.schema;
    if (!schema) return [`${what} is never answered with status ${status}`];
    // An unset field may come as an empty string, which the description's patterns do not allow for.
    const filled: unknown = JSON.parse(JSON.stringify(body ?? null), (_, value) => (value === '' ? undefined : value));
    return this.#problems(found, schema, filled).map(problem => `answer to ${what}: ${problem}`);
  }

  #find(what: string) {
    const [method = '', address = ''] = what.split(' ');
    const { origin, pathname } = new URL(address);
    if (!(origin in descriptions) || pathname.includes('/Media/')) return 'elsewhere';
    return this.#operations.find(
      candidate =>
        candidate.origin === origin && candidate.method === method.toLowerCase() && candidate.path.test(pathname),
    );
  }

  #queryProblems(found: Described, query: URLSearchParams): string[] {
    return [...query].flatMap(([name, value]) => {
      const known = found.operation.parameters?.find(parameter => parameter.in === 'query' && parameter.name === name);
      return known ? this.#problems(found, known.schema, value) : [`${name} is not known`];
    });
  }

  #formProblems(found: Described, form: URLSearchParams): string[] {
    const schema = found.operation.requestBody?.content['application/x-www-form-urlencoded']?.schema;
    if (!schema) return [...form.keys()].map(name => `${name} is sent where nothing is taken`);
    const unknown = [...form.keys()].filter(name => !(name in schema.properties)).map(name => `${name} is not known`);
    const fields: Record<string, unknown> = {};
    for (const name of new Set(form.keys())) {
      // An empty value clears a field, whatever it may hold otherwise.
      const values = form.getAll(name).filter(value => value !== '');
      const isList = schema.properties[name]?.type === 'array' || values.length > 1;
      if (values.length > 0) fields[name] = isList ? values : values[0];
    }
    return [...unknown, ...this.#problems(found, schema, fields)];
  }

  #problems({ components }: Described, schema: Schema, value: unknown): string[] {
    const validate =
      this.#validators.get(schema) ?? this.#ajv.compile({ type: 'object', properties: { value: schema }, components });
    this.#validators.set(schema, validate);
    // In an object, where a coerced value can be put, and copied, for the same reason.
    if (validate({ value: structuredClone(value) })) return [];
    return (validate.errors ?? []).map(error => `${error.instancePath} ${error.message ?? 'is wrong'}`);
  }
}
