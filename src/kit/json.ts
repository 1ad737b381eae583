import { isInteger, isSafeNumber, parse, stringify } from 'lossless-json';

/**
 * Parses JSON without rounding: integers beyond 2^53 come back as bigint, everything else as JSON.parse would.
 * @throws SyntaxError with the position of the fault.
 */
export function parseJson(text: string): unknown {
  return parse(text, undefined, { parseNumber });
}

function parseNumber(value: string): number | bigint {
  return isInteger(value) && !isSafeNumber(value) ? BigInt(value) : Number(value);
}

/** Writes JSON; bigints become plain integers, so a parsed body can be stored as it came. */
export function toJson(value: unknown): string {
  return stringify(value) ?? 'null';
}

/**
 * Makes a value fit for PostgreSQL and UTF-8: NUL characters go, lone surrogates become U+FFFD. Depth-first, a copy only
 * where something changed.
 */
export function wellFormed<T>(value: T): T {
  return clean(value) as T;
}

function clean(value: unknown): unknown {
  if (typeof value === 'string') {
    const text = value.isWellFormed() ? value : value.toWellFormed();
    return text.includes('\u0000') ? text.replaceAll('\u0000', '') : text;
  }
  if (Array.isArray(value)) return value.map(clean);
  if (value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [clean(key), clean(entry)]));
  }
  return value;
}
