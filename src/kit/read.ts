/**
 * Reading untyped payloads without trust and without throwing: each function gives the value where it has the expected
 * type and undefined where it has not.
 */
export type Dict = Readonly<Record<string, unknown>>;

export function dict(value: unknown): Dict | undefined {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Dict) : undefined;
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A non-empty string. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** An id as text, whether the vendor writes it as string, number or beyond 2^53. */
export function id(value: unknown): string | undefined {
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isFinite(value))) return String(value);
  return text(value);
}

export function number(value: unknown): number | undefined {
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** The last second of the year 9999; PostgreSQL reads no year of five digits. */
const latest = 253_402_300_799;

/** Unix seconds to ISO 8601; undefined for anything that is no plausible time. */
export function unixTime(value: unknown): string | undefined {
  const seconds = number(value);
  if (seconds === undefined || seconds <= 0 || seconds > latest) return undefined;
  return new Date(seconds * 1000).toISOString();
}
