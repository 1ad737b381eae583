import { describe, expect, test } from 'vitest';
import { createLogger } from './logging.ts';
import { prettyLine } from './pretty.ts';

function logged(use: (logger: ReturnType<typeof createLogger>) => void, secrets: string[] = []): string {
  let lines = '';
  const destination = {
    write: (line: string) => {
      lines += line;
    },
  };
  use(createLogger({ level: 'debug', secrets, destination }));
  return lines;
}

describe('the log', () => {
  test('is JSON, a line each, with the fields as they were given', () => {
    const lines = logged(logger => {
      logger.info({ conversationId: 'fake-1', waiting: 3 }, 'stored');
      logger.debug('second');
    });
    expect(
      lines
        .trim()
        .split('\n')
        .map(line => JSON.parse(line)),
    ).toMatchObject([
      { level: 30, conversationId: 'fake-1', waiting: 3, msg: 'stored' },
      { level: 20, msg: 'second' },
    ]);
  });

  test.each([
    'authorization',
    'Cookie',
    'set-cookie',
    'token',
    'access_token',
    'accessToken',
    'clientSecret',
    'secretToken',
    'x-telegram-bot-api-secret-token',
    'password',
    'apiKey',
    'X-Api-Key',
    'secret_access_key',
    'encryptionKeys',
    'credentials',
    'X-Hub-Signature-256',
  ])('hides the field %s at every depth', name => {
    const lines = logged(logger => {
      logger.info({ [name]: 'fake-value-1' });
      logger.info({ request: { headers: [{ [name]: 'fake-value-2', accept: 'text/html' }] } });
      logger
        .child({ [name]: 'fake-value-3' })
        .child({ [name]: { value: 'fake-value-4' } })
        .info('from a child');
    });
    expect(lines).not.toContain('fake-value');
    expect(lines).toContain('"accept":"text/html"');
  });

  test('hides the secret fields of errors, of their causes, and of objects with a class', () => {
    class Settings {
      token = 'fake-value';
      name = 'kept';
    }
    const broken = (message: string, cause?: unknown) =>
      Object.assign(new Error(message, { cause }), { token: 'fake-value' });
    const lines = logged(logger => {
      logger.error(broken('first'));
      logger.error({ err: broken('second', broken('third')) });
      logger.error({ error: broken('fourth'), settings: new Settings() });
    });
    expect(lines).not.toContain('fake-value');
    expect(lines).toContain('second: third');
    expect(lines).toContain('"name":"kept"');
  });

  test('hides known values wherever they turn up, also encoded in a URL or in JSON', () => {
    const lines = logged(
      logger => {
        logger.error(new Error('cannot reach postgres://octopods:fake%2Fpass%22word@localhost'));
        logger.info('fake/pass"word');
      },
      ['fake/pass"word'],
    );
    expect(lines).not.toMatch(/fake\/pass|fake%2F/);
  });

  test('tells whether a secret is there', () => {
    expect(logged(logger => logger.info({ hasToken: true, password: null }))).toMatch(
      /"hasToken":true,"password":null/,
    );
  });
});

describe('a line for a person', () => {
  const line = (fields: object) =>
    prettyLine(JSON.stringify({ level: 30, time: 0, pid: 1, hostname: 'here', ...fields }));

  test('shows time, level, message and fields', () => {
    expect(line({ msg: 'listening', url: 'http://localhost:4000', words: 'two words' })).toMatch(
      /^\d\d:\d\d:\d\d INFO {2}listening url=http:\/\/localhost:4000 words="two words"\n$/,
    );
  });

  test('lets nobody steer the terminal or forge a second line', () => {
    const shown = line({ msg: 'hello\u001b[2J\nERROR forged', name: '\u001b]0;title\u0007' });
    expect(shown.trim()).not.toMatch(/\p{Cc}/u);
  });

  test('has the stack of an error beneath', () => {
    expect(line({ level: 50, msg: 'failed', err: { message: 'boom', stack: 'Error: boom\n    at here' } })).toMatch(
      /ERROR failed\n {4}Error: boom\n {4}at here\n$/,
    );
  });
});
