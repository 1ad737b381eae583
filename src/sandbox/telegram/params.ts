import type { Json, UploadedFile } from '../types.ts';
import { badRequest } from './errors.ts';

/**
 * The parameters of one call. A form sends every value as text and JSON may do so too, so each reader takes both.
 * All throw a TelegramError where a value cannot be read.
 */
export class Params {
  readonly files: Record<string, UploadedFile>;
  readonly #values: Json;

  constructor(values: Json, files: Record<string, UploadedFile>) {
    this.#values = values;
    this.files = files;
  }

  has(name: string): boolean {
    return this.#values[name] !== undefined && this.#values[name] !== null && this.#values[name] !== '';
  }

  text(name: string): string | undefined {
    const value = this.#values[name];
    return value === undefined || value === null ? undefined : String(value);
  }

  /** @throws where it is absent. */
  needText(name: string): string {
    const value = this.text(name);
    if (value === undefined || value === '') throw badRequest(`parameter "${name}" is required`);
    return value;
  }

  number(name: string): number | undefined {
    if (!this.has(name)) return undefined;
    const value = Number(this.#values[name]);
    if (!Number.isFinite(value)) throw badRequest(`parameter "${name}" must be a number`);
    return value;
  }

  /** @throws where it is absent. */
  needNumber(name: string): number {
    const value = this.number(name);
    if (value === undefined) throw badRequest(`parameter "${name}" is required`);
    return value;
  }

  flag(name: string): boolean {
    return /^(true|1)$/i.test(String(this.#values[name]));
  }

  list(name: string): Json[] | undefined {
    const value = this.#json(name);
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) throw badRequest(`parameter "${name}" must be an array`);
    return value;
  }

  strings(name: string): string[] | undefined {
    return this.list(name)?.map(String);
  }

  object(name: string): Json | undefined {
    const value = this.#json(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'object' || Array.isArray(value)) throw badRequest(`parameter "${name}" must be an object`);
    return value as Json;
  }

  /** Parameters of one item of an album. They share the uploads. */
  nested(values: Json): Params {
    return new Params(values, this.files);
  }

  #json(name: string): NonNullable<unknown> | undefined {
    const value = this.#values[name];
    if (value === undefined || value === null || value === '') return undefined;
    if (typeof value !== 'string') return value;
    try {
      return JSON.parse(value) ?? undefined;
    } catch {
      throw badRequest(`can't parse ${name} JSON object`);
    }
  }
}
