import type { Json, UploadedFile } from '../types.ts';

interface Field {
  name: string;
  types: string[];
  required: boolean;
}

/** The shape of `api.json`: the Bot API page as data. */
export interface BotApi {
  methods: Record<string, { returns: string[]; fields?: Field[] }>;
  types: Record<string, { fields?: Field[]; subtypes?: string[] }>;
}

/** Checks calls and results against the published Bot API. Every check answers with the problems found, in words. */
export class TelegramContract {
  readonly #api: BotApi;

  constructor(api: BotApi) {
    this.#api = api;
  }

  /** The parameters of a call. `files` are the parts uploaded beside them. */
  parameters(method: string, parameters: Json, files: Record<string, UploadedFile>): string[] {
    const fields = this.#api.methods[method]?.fields ?? [];
    const attached = new Set<string>();
    const given: Json = { ...parameters };
    for (const field of fields) {
      if (!(field.name in given) && field.types.includes('InputFile') && field.name in files) {
        given[field.name] = `attach://${field.name}`;
      }
    }
    const problems = this.#object(fields, given, '', { files, attached });
    for (const name of Object.keys(files)) {
      if (!attached.has(name)) problems.push(`file "${name}" is uploaded but nothing speaks of it`);
    }
    return problems;
  }

  /** What a call answers with. */
  result(method: string, value: unknown): string[] {
    return this.#value(this.#api.methods[method]?.returns ?? [], value, 'result');
  }

  /** An object of one of the API's types, such as an Update. */
  object(type: string, value: unknown): string[] {
    return this.#value([type], value, type);
  }

  #object(fields: Field[], value: Json, path: string, uploads?: Uploads): string[] {
    const known = new Map(fields.map(field => [field.name, field]));
    const problems: string[] = [];
    for (const field of fields) {
      if (field.required && (value[field.name] === undefined || value[field.name] === null)) {
        problems.push(`${path}${field.name} is required`);
      }
    }
    for (const [name, entry] of Object.entries(value)) {
      const field = known.get(name);
      if (!field) problems.push(`${path}${name} is no field of the Bot API`);
      else if (entry !== undefined && entry !== null) {
        problems.push(...this.#value(field.types, entry, `${path}${name}`, uploads));
      }
    }
    return problems;
  }

  /** The problems under the type that fits best. */
  #value(types: string[], value: unknown, path: string, uploads?: Uploads): string[] {
    let best: string[] | undefined;
    for (const type of types) {
      const problems = this.#one(type, value, path, uploads);
      if (problems.length === 0) return [];
      if (!best || problems.length < best.length) best = problems;
    }
    return best ?? [`${path} has no known type`];
  }

  #one(type: string, value: unknown, path: string, uploads?: Uploads): string[] {
    switch (type) {
      case 'String':
        return this.#string(value, path, uploads);
      case 'InputFile':
        return typeof value === 'string' && value.startsWith('attach://')
          ? this.#string(value, path, uploads)
          : [`${path} is no upload`];
      case 'Integer':
        return Number.isInteger(uploads ? Number(value) : value) && value !== '' ? [] : [`${path} is no integer`];
      case 'Float':
        return Number.isFinite(uploads ? Number(value) : value) && value !== '' ? [] : [`${path} is no number`];
      case 'Boolean':
        return typeof value === 'boolean' || (uploads && /^(true|false)$/i.test(String(value)))
          ? []
          : [`${path} is no boolean`];
    }
    const parsed = uploads ? unserialised(value) : value;
    if (type.startsWith('Array of ')) {
      if (!Array.isArray(parsed)) return [`${path} is no array`];
      return parsed.flatMap((entry, index) =>
        this.#value([type.slice('Array of '.length)], entry, `${path}[${index}]`, uploads),
      );
    }
    const definition = this.#api.types[type];
    if (!definition) return [`${path} has the unknown type ${type}`];
    if (definition.subtypes) return this.#value(definition.subtypes, parsed, path, uploads);
    if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed)) return [`${path} is no ${type}`];
    return this.#object(definition.fields ?? [], parsed as Json, `${path}.`, uploads);
  }

  #string(value: unknown, path: string, uploads?: Uploads): string[] {
    if (typeof value !== 'string') return [`${path} is no string`];
    const attachment = /^attach:\/\/(.+)$/.exec(value)?.[1];
    if (attachment === undefined || !uploads) return [];
    if (!(attachment in uploads.files)) return [`${path} speaks of "${attachment}", which is not uploaded`];
    uploads.attached.add(attachment);
    return [];
  }
}

/** Present on calls: their values may be serialised (form fields are strings), and may speak of uploads. */
interface Uploads {
  files: Record<string, UploadedFile>;
  attached: Set<string>;
}

function unserialised(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}
