import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

const levels: Readonly<Record<number, { name: string; style: Style }>> = {
  10: { name: 'TRACE', style: 'gray' },
  20: { name: 'DEBUG', style: 'gray' },
  30: { name: 'INFO ', style: 'green' },
  40: { name: 'WARN ', style: 'yellow' },
  50: { name: 'ERROR', style: 'red' },
  60: { name: 'FATAL', style: 'red' },
};

/** A line of pino's JSON for a person: time, level, message, then the other fields; the stack of an error stands beneath. */
export function prettyLine(json: string): string {
  const { level, time, pid, hostname, msg, err, ...fields }: Record<string, unknown> = JSON.parse(json);
  const { name, style } = levels[Number(level)] ?? { name: String(level), style: 'reset' };
  const clock = new Date(Number(time)).toTimeString().slice(0, 8);
  const pairs = Object.entries(fields).map(([key, value]) => styleText('gray', `${key}=${shown(value)}`));
  const line = [styleText('gray', clock), styleText(style, name), printable(msg), ...pairs].filter(part => part !== '');
  return `${line.join(' ')}${stackOf(err)}\n`;
}

function shown(value: unknown): string {
  return typeof value === 'string' && /^[^\s"=\p{Cc}]+$/u.test(value) ? value : JSON.stringify(value);
}

/** Without control characters: what customers wrote must not be able to steer the terminal. */
function printable(text: unknown): string {
  return text === undefined ? '' : String(text).replaceAll(/[\p{Cc}\s]+/gu, ' ');
}

function stackOf(error: unknown): string {
  if (!(error instanceof Object) || !('stack' in error)) return '';
  return String(error.stack)
    .split('\n')
    .map(line => `\n    ${printable(line.trim())}`)
    .join('');
}
