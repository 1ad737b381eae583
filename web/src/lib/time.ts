const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const exact = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' });
const day = new Intl.DateTimeFormat('en', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
const clock = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit' });

const units: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365 * 24 * 3600],
  ['month', 30 * 24 * 3600],
  ['day', 24 * 3600],
  ['hour', 3600],
  ['minute', 60],
];

/** `now` in milliseconds. */
export function relativeTime(at: string, now: number): string {
  const seconds = (Date.parse(at) - now) / 1000;
  const found = units.find(([, size]) => Math.abs(seconds) >= size);
  if (!found) return 'just now';
  const [unit, size] = found;
  return relative.format(Math.round(seconds / size), unit);
}

export const exactTime = (at: string): string => exact.format(new Date(at));
export const dayOf = (at: string): string => day.format(new Date(at));
export const clockTime = (at: string): string => clock.format(new Date(at));
