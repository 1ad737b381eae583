import { describe, expect, it } from 'vitest';
import type { FailureClass } from '../../contract/failure.ts';
import { graphError } from '../../kit/meta.ts';
import { failureOfAnswer, failureOfStatus } from './failures.ts';
import { hasShared, readShared } from './testing.ts';

interface KnownError {
  code: number | string;
  class: string;
  meaning: string;
}

/** What each class of the table of known errors may mean to the relay, which tells some of them finer. */
const meanings: Readonly<Record<string, FailureClass[]>> = {
  auth: ['auth'],
  rate: ['rate_limited'],
  window: ['window_closed'],
  recipient: ['invalid_recipient', 'unreachable', 'opted_out'],
  content: ['content'],
  template: ['policy', 'content', 'too_long'],
  account: ['policy', 'config'],
  policy: ['policy'],
  transient: ['temporary'],
  media: ['media'],
};

function answered(error: object, status = 400, headers: Record<string, string> = {}) {
  return failureOfAnswer(graphError(error), { status, headers });
}

describe.skipIf(!hasShared)('every known error', () => {
  const { codes } = hasShared
    ? readShared<{ codes: KnownError[] }>('contracts/whatsapp/error-codes.json')
    : { codes: [] };
  const rows = codes.flatMap(error => {
    const numbers = typeof error.code === 'number' ? [error.code] : error.code.split('-').map(Number);
    return numbers.map(code => [code, error.meaning, error.class] as const);
  });

  it('is there', () => {
    expect(rows.length).toBeGreaterThan(60);
  });

  it.each(rows)('%i %s', (code, _meaning, kind) => {
    expect(meanings[kind]).toContain(answered({ code, message: 'x' }).class);
    expect(failureOfStatus({ code, title: 'x' }).class).toBe(answered({ code, message: 'x' }).class);
  });
});

describe('limits', () => {
  it.each([4, 80007, 130429, 131048, 131064])('%i holds for the whole channel', code => {
    expect(answered({ code, message: 'x' })).toMatchObject({ class: 'rate_limited', scope: 'channel' });
  });

  it('of a pair holds for one conversation', () => {
    expect(answered({ code: 131056, message: 'x' })).toMatchObject({ class: 'rate_limited', scope: 'conversation' });
  });

  it('of complaints are not tried again within the hour', () => {
    expect(answered({ code: 131048, message: 'x' })).toMatchObject({ retryAfter: 3600 });
  });

  it('end when Meta says so', () => {
    const usage = JSON.stringify({ 9001: [{ type: 'messages', estimated_time_to_regain_access: 5 }] });
    expect(answered({ code: 80007, message: 'x' }, 400, { 'x-business-use-case-usage': usage })).toMatchObject({
      retryAfter: 300,
    });
    expect(answered({ code: 130472, message: 'x' }, 400, { 'x-business-use-case-usage': usage })).not.toHaveProperty(
      'retryAfter',
    );
  });
});

describe('an answer', () => {
  it('keeps Meta’s words, code and trace', () => {
    const error = {
      message: '(#131009) Parameter value is not valid',
      code: 131009,
      error_data: { details: 'Template name too long' },
      fbtrace_id: 'A1b2C3',
    };
    expect(answered(error)).toEqual({
      class: 'content',
      message: '(#131009) Parameter value is not valid: Template name too long',
      code: '131009',
      status: 400,
      requestId: 'A1b2C3',
    });
  });

  it('tells a missing object from a wrong parameter', () => {
    expect(answered({ code: 100, message: 'x' }).class).toBe('content');
    expect(answered({ code: 100, error_subcode: 33, message: 'x' }).class).toBe('config');
  });

  it('with a code that is not known is judged by what Meta says of it, then by its status', () => {
    expect(answered({ code: 139999, message: 'x' }).class).toBe('unknown');
    expect(answered({ code: 139999, message: 'x', is_transient: true }).class).toBe('temporary');
    expect(answered({ code: 139999, message: 'x' }, 503).class).toBe('temporary');
  });

  it.each([
    [401, 'auth'],
    [413, 'media'],
    [429, 'rate_limited'],
    [502, 'temporary'],
    [404, 'unknown'],
  ])('without an error and with status %i is %s', (status, kind) => {
    const failure = failureOfAnswer(undefined, { status, headers: {} });
    expect(failure).toMatchObject({ class: kind, status, message: expect.stringContaining(String(status)) });
  });
});
