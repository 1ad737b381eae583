import pino, { type DestinationStream, type Logger } from 'pino';
import { redactor } from '../kit/http.ts';
import { prettyLine } from './pretty.ts';

export interface LoggingOptions {
  level: string;
  /** Values that must appear in no line, wherever they come from: passwords and keys of the configuration. */
  secrets?: readonly string[];
  /** Default: standard output, in readable lines where a person watches and as JSON everywhere else. */
  destination?: DestinationStream;
}

/**
 * Names of fields whose values are secret, in whatever spelling: `access_token`, `X-Api-Key`, `clientSecret`. Signatures
 * count as well: together with the body they prove who called.
 */
const secretName =
  /authori[sz]ation|cookie|token|secret|passw|passphrase|(api|private|encryption|access)[-_]?key|credential|signature/i;

const hidden = '***';

/**
 * The log of a process. Secret fields are blotted out at every depth: the finished line is looked at, so that no object,
 * error or child logger gets past.
 */
export function createLogger({ level, secrets = [], destination = standardOutput() }: LoggingOptions): Logger {
  const redact = redactor(secrets.flatMap(secret => [secret, JSON.stringify(secret).slice(1, -1)]));
  return pino({ level, hooks: { streamWrite: line => redact(withoutSecrets(line)) } }, destination);
}

function standardOutput(): DestinationStream {
  if (!process.stdout.isTTY) return pino.destination({ dest: 1, sync: true });
  return { write: line => process.stdout.write(prettyLine(line)) };
}

/** Most lines mention no such name, and need no parsing. */
function withoutSecrets(line: string): string {
  return secretName.test(line) ? `${JSON.stringify(scrub(JSON.parse(line)))}\n` : line;
}

function scrub(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(scrub);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, isSecret(name, inner) ? hidden : scrub(inner)]),
  );
}

/** A yes or no tells nothing, and whether a secret is there is what one wants to know. */
function isSecret(name: string, value: unknown): boolean {
  return secretName.test(name) && typeof value !== 'boolean' && value !== null;
}
