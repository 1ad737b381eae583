import { isInteger, isSafeNumber, parse, stringify } from 'lossless-json';

/** Levels of nesting: far more than any vendor sends, and few enough for everything that walks through a value. */
const deepest = 500;

/** Digits: longer than any id. Beyond it a number is rounded, since arithmetic on it would take seconds. */
const longestInteger = 100;

/**
 * Parses JSON without rounding: integers beyond 2^53 come back as bigint, everything else as JSON.parse would.
 * @throws SyntaxError with the position of the fault, or when it is nested more than 500 levels deep.
 */
export function parseJson(text: string): unknown {
  refuseDeep(text);
  return parse(text, undefined, { parseNumber, onDuplicateKey: ({ newValue }) => newValue });
}

function parseNumber(value: string): number | bigint {
  return isInteger(value) && !isSafeNumber(value) && value.length <= longestInteger ? BigInt(value) : Number(value);
}

/** Before parsing: the parser itself would run out of stack, and so would whatever handles the value after it. */
function refuseDeep(text: string): void {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '"') inString = !inString;
    else if (inString) i += char === '\\' ? 1 : 0;
    else if (char === '{' || char === '[') depth++;
    else if (char === '}' || char === ']') depth--;
    if (depth > deepest) throw new SyntaxError(`Nested more than ${deepest} levels deep at position ${i}.`);
  }
}

/** Writes JSON; bigints become plain integers, so a parsed body can be stored as it came. */
export function toJson(value: unknown): string {
  return stringify(value) ?? 'null';
}

/**
 * A copy that is fit for PostgreSQL and UTF-8: NUL characters go and lone surrogates become U+FFFD, in names of fields too.
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
