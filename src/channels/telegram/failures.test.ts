import { describe, expect, it } from 'vitest';
import type { HttpResponse } from '../../contract/adapter.ts';
import type { FailureClass } from '../../contract/failure.ts';
import { failureFrom } from './failures.ts';
import { hasShared, readShared } from './testing.ts';

interface KnownError {
  error_code: number;
  descriptionStartsWith: string;
  class: string;
  parameters?: string[];
}

/** What each class of the list of observed errors means to the relay, and the two that it tells no finer. */
const meaning: Readonly<Record<string, FailureClass>> = {
  auth_revoked: 'auth',
  auth_revoked_or_bad_method: 'auth',
  recipient_opted_out: 'opted_out',
  recipient_never_started: 'invalid_recipient',
  recipient_unreachable: 'invalid_recipient',
  recipient_gone: 'unreachable',
  permanent: 'invalid_recipient',
  ambiguous: 'temporary',
  migrated: 'temporary',
  permission: 'policy',
  content_rejected: 'content',
  no_op: 'content',
  media_too_large: 'media',
  media_invalid: 'media',
  media_fetch_failed: 'media',
  config_conflict: 'config',
  rate_limited: 'rate_limited',
  retryable: 'temporary',
};
const finer: Readonly<Record<string, FailureClass>> = { 'Bad Request: message is too long': 'too_long' };

function answered(status: number, answer: Record<string, unknown> | undefined) {
  const response: HttpResponse = {
    status,
    headers: {},
    bytes: new Uint8Array(),
    text: () => '',
    json: () => answer,
  };
  return failureFrom(response, answer);
}

describe.skipIf(!hasShared)('every observed error', () => {
  const { errors } = hasShared
    ? readShared<{ errors: KnownError[] }>('contracts/telegram/errors.json')
    : { errors: [] };

  it.each(errors.map(error => [error.error_code, error.descriptionStartsWith, error] as const))(
    '%i %s',
    (code, beginning, error) => {
      const values = { migrate_to_chat_id: -1009, retry_after: 7 };
      const parameters = Object.fromEntries(
        Object.entries(values).filter(([name]) => error.parameters?.includes(name)),
      );
      // "Not Found" comes with nothing behind it; the others go on in words that vary.
      const description = code === 404 ? beginning : `${beginning} and so on`;
      const failure = answered(code, { ok: false, error_code: code, description, parameters });
      expect(failure.class).toBe(finer[beginning] ?? meaning[error.class]);
      expect(failure).toMatchObject({ message: description, code: String(code), status: code });
    },
  );
});

describe('failureFrom', () => {
  it('waits as long as Telegram says, for this chat only', () => {
    const failure = answered(429, {
      error_code: 429,
      description: 'Too Many Requests',
      parameters: { retry_after: 35 },
    });
    expect(failure).toMatchObject({ class: 'rate_limited', retryAfter: 35, scope: 'conversation' });
  });

  it('goes by the code in the body, which can differ from the status', () => {
    expect(
      answered(200, { ok: false, error_code: 403, description: 'Forbidden: bot was blocked by the user' }).class,
    ).toBe('opted_out');
  });

  it('knows a moved chat by its parameters, whatever the words', () => {
    const answer = {
      error_code: 400,
      description: 'Bad Request: something new',
      parameters: { migrate_to_chat_id: -1009 },
    };
    expect(answered(400, answer).class).toBe('temporary');
  });

  it.each([
    [400, 'Bad Request: words never seen before', 'content'],
    [403, 'Forbidden: words never seen before', 'unreachable'],
    [404, 'Not Found: method not found', 'config'],
    [418, 'I am a teapot', 'unknown'],
    [503, undefined, 'temporary'],
  ])('%i %s falls back to %s', (code, description, expected) => {
    const failure = answered(code, description === undefined ? undefined : { error_code: code, description });
    expect(failure.class).toBe(expected);
    expect(failure.message).not.toBe('');
  });
});
