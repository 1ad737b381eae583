import type { RawCall } from '../vendor.ts';
import { TwilioBreach } from './errors.ts';
import type { Form } from './signature.ts';

/**
 * The fields of a request: calls carry forms, and nothing but forms.
 * @throws TwilioBreach
 */
export function readForm({ headers, bytes }: RawCall): Form {
  if (bytes.length === 0) return {};
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  if (type.trim().toLowerCase() !== 'application/x-www-form-urlencoded') {
    throw new TwilioBreach(20001, `A body of type ${type || 'nothing'} is not read; fields travel as a form`);
  }
  const fields = new URLSearchParams(bytes.toString());
  return Object.fromEntries(
    [...new Set(fields.keys())].map(name => {
      const values = fields.getAll(name);
      return [name, values.length === 1 ? (values[0] ?? '') : values];
    }),
  );
}

/** A field that is to stand once; empty ones count as absent, as they do at Twilio. */
export function text(form: Form, name: string): string | undefined {
  const [value] = list(form, name);
  return value;
}

export function list(form: Form, name: string): string[] {
  return [form[name] ?? []].flat().filter(value => value !== '');
}
