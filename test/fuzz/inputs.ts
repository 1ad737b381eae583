import fc from 'fast-check';
import { parseJson, toJson } from '../../src/kit/json.ts';
import { type Example, renewed } from './examples.ts';
import { type Edit, edited } from './mutation.ts';

/** What is posted. */
export interface Input {
  /** The content type. */
  type: string;
  body: Uint8Array;
}

const jsonType = 'application/json';
const formType = 'application/x-www-form-urlencoded';

/** Text that has broken programs before, and any other. */
const text = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '\u0000',
    '\ud800',
    '\u202e',
    '😀'.repeat(50),
    'a'.repeat(10_000),
    '__proto__',
    '%',
    '\\',
    "';--",
  ),
  fc.constantFrom('-1', '0', '1e999', '9007199254740993', '+12025550143', 'null', 'undefined', '[object Object]'),
  fc.constantFrom('<p>a<b>c</p>', '<img src=x>', 'javascript:1', 'http://169.254.169.254/', '2026-02-30T25:61:00Z'),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

/** Any JSON value; numbers beyond 2^53 and lone surrogates among them. */
const value = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    -0,
    -1,
    1.5,
    2 ** 31,
    2 ** 53,
    8.64e12,
    1e308,
    2n ** 63n,
    -(2n ** 200n),
  ),
  fc.constantFrom<unknown>([], {}, [[]], [null], { id: {} }, { type: 'text' }),
  text,
  fc.jsonValue({ maxDepth: 3 }),
);

const edit: fc.Arbitrary<Edit> = fc.record({
  // Small numbers would name the outermost places over and over.
  where: fc.noBias(fc.nat()),
  how: fc.oneof(
    { weight: 6, arbitrary: value.map(replacement => ({ replace: replacement })) },
    { weight: 1, arbitrary: fc.tuple(text, value).map(([key, added]) => ({ key, add: added })) },
    { weight: 1, arbitrary: fc.constant('remove' as const) },
    { weight: 1, arbitrary: fc.constant('wrap' as const) },
    { weight: 1, arbitrary: fc.integer({ min: 2, max: 30 }).map(times => ({ times })) },
  ),
});

const types = fc.oneof(
  fc.constantFrom(
    jsonType,
    formType,
    'application/json; charset=utf-16',
    'text/plain',
    'multipart/form-data; boundary=x',
  ),
  fc.constantFrom('application/xml', 'application/octet-stream', 'x', ''),
);

const anyBytes = fc.record({ type: types, body: fc.uint8Array({ maxLength: 500 }) });
const anyJson = fc
  .jsonValue({ maxDepth: 5 })
  .map(json => ({ type: jsonType, body: Buffer.from(JSON.stringify(json)) }));
const anyForm = fc
  .array(fc.tuple(text, text), { maxLength: 12 })
  .map(fields => ({ type: formType, body: encoded(fields) }));
const nested = fc
  .tuple(fc.constantFrom('[', '{"a":'), fc.constantFrom(490, 510, 5000, 100_000))
  .map(([opening, levels]) => ({ type: jsonType, body: Buffer.from(opening.repeat(levels)) }));

/** Anything at all, and the payloads of the adapter's vendor with some of it changed. */
export function inputs(id: string, examples: readonly Example[]): fc.Arbitrary<Input> {
  const made = [
    { weight: 10, arbitrary: anyBytes },
    { weight: 15, arbitrary: anyJson },
    { weight: 15, arbitrary: anyForm },
    { weight: 1, arbitrary: nested },
  ];
  if (examples.length === 0) return fc.oneof(...made);
  const number = fc.oneof(
    { weight: 9, arbitrary: fc.nat({ max: 2 ** 31 - 1 }) },
    { weight: 1, arbitrary: fc.constant(1) },
  );
  const changed = fc
    .tuple(fc.constantFrom(...examples), number, fc.array(edit, { maxLength: 4 }))
    .map(([{ kind, text }, first, edits]) => written(kind, edited(parseJson(renewed(id, text, first)), edits)));
  const corrupted = fc
    .tuple(changed, fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 5 }), fc.nat())
    .map(([{ type, body }, flips, length]) => {
      const bytes = Buffer.from(body.subarray(0, (length % (2 * body.length)) + 1));
      for (const [at, byte] of flips) if (bytes.length > 0) bytes[at % bytes.length] = byte;
      return { type, body: bytes };
    });
  return fc.oneof(...made, { weight: 49, arbitrary: changed }, { weight: 10, arbitrary: corrupted });
}

function written(kind: Example['kind'], value: unknown): Input {
  if (kind === 'json') return { type: jsonType, body: Buffer.from(toJson(value)) };
  const entries = value !== null && typeof value === 'object' ? Object.entries(value) : [];
  return { type: formType, body: encoded(entries.map(([name, field]) => [name, fieldText(field)])) };
}

function fieldText(field: unknown): string {
  return typeof field === 'string' ? field : toJson(field);
}

function encoded(fields: [string, string][]): Buffer {
  return Buffer.from(new URLSearchParams(fields).toString());
}
