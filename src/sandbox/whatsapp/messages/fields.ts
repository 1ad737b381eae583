import type { Json } from '../../types.ts';
import { GraphBreach, invalid, missing } from '../errors.ts';

/** An object's own field; empty where it is no object. */
export function object(given: Json, name: string): Json {
  const value = given[name];
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Json) : {};
}

export function list(given: Json, name: string): Json[] {
  const value = given[name];
  return Array.isArray(value) ? value.filter(entry => entry !== null && typeof entry === 'object') : [];
}

/** A string that must be there, and must not be longer than Meta takes. */
export function needText(given: Json, name: string, limit: number): string {
  const value = given[name];
  if (typeof value !== 'string' || value.trim() === '') throw missing(name);
  return limited(value, name, limit);
}

/** A string that may be absent. */
export function text(given: Json, name: string, limit: number): string | undefined {
  const value = given[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'string') throw invalid(`${name} must be a string`);
  return limited(value, name, limit);
}

function limited(value: string, name: string, limit: number): string {
  if ([...value].length <= limit) return value;
  throw new GraphBreach(400, 100, `(#100) Param ${name} must be at most ${limit} characters long.`);
}
