import pino, { type DestinationStream, type Logger } from 'pino';
import { redactor } from '../kit/http.ts';
import { prettyLine } from './pretty.ts';

export interface LoggingOptions {
  level: string;
  /** Values that must appear in no line, wherever they come from: passwords and keys of the configuration. */
  secrets?: readonly string[];
  /** Default: standard output, as one readable line each where a person watches and as JSON everywhere else. */
  destination?: DestinationStream;
}

/**
 * Names of fields whose values are secret, in whatever spelling: `access_token`, `X-Api-Key`, `clientSecret`. Signatures
 * count as well: together with a body they are proof of who called.
 */
const secretName =
  /authori[sz]ation|cookie|token|secret|password|passwd|passphrase|apikey|privatekey|encryptionkey|accesskey|credential|signature/;

const hidden = '***';

/** Deeper than any log line of ours; what lies below is left out rather than searched. */
const deepest = 8;

/** The log of a process. Secret fields are blotted out at every depth, also in errors and in the fields of child loggers. */
export function createLogger({ level, secrets = [], destination }: LoggingOptions): Logger {
  const redact = redactor(secrets.flatMap(secret => [secret, JSON.stringify(secret).slice(1, -1)]));
  return pino(
    {
      level,
      formatters: { log: withoutSecrets, bindings: withoutSecrets },
      serializers: { err: error => withoutSecrets(pino.stdSerializers.err(error)) },
      hooks: { streamWrite: redact },
    },
    destination ?? standardOutput(),
  );
}

function standardOutput(): DestinationStream {
  if (!process.stdout.isTTY) return pino.destination({ dest: 1, sync: true });
  return { write: line => process.stdout.write(prettyLine(line)) };
}

/** A copy in which the values of secret fields are replaced. Errors and other objects with a class are left to pino. */
export function withoutSecrets(fields: object): Record<string, unknown> {
  return scrubFields(fields, 0);
}

function scrubFields(fields: object, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, isSecret(name, value) ? hidden : scrub(value, depth + 1)]),
  );
}

function isSecret(name: string, value: unknown): boolean {
  if (value === undefined || value === null || typeof value === 'boolean') return false;
  return secretName.test(name.toLowerCase().replaceAll(/[-_\s]/g, ''));
}

function scrub(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > deepest) return '[deeper]';
  if (Array.isArray(value)) return value.map(item => scrub(item, depth + 1));
  return isPlain(value) ? scrubFields(value, depth) : value;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
