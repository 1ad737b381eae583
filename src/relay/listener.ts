import pg from 'pg';

/** Seconds before another try to listen after the connection broke. */
const again = 1000;

/**
 * Hears PostgreSQL's notifications on a connection of its own and reconnects when that breaks. What was said meanwhile is
 * lost, so `onReconnect` tells the hearer to look for itself.
 */
export class Listener {
  readonly #url: string;
  readonly #hear: ReadonlyMap<string, () => void>;
  readonly #onReconnect: () => void;
  readonly #onError: (error: Error) => void;
  #client: pg.Client | undefined;
  #retry: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: {
    url: string;
    hear: ReadonlyMap<string, () => void>;
    onReconnect(): void;
    onError(error: Error): void;
  }) {
    this.#url = options.url;
    this.#hear = options.hear;
    this.#onReconnect = options.onReconnect;
    this.#onError = options.onError;
  }

  async start(): Promise<void> {
    const client = new pg.Client({ connectionString: this.#url, application_name: 'octopods listener' });
    this.#client = client;
    client.on('notification', ({ channel }) => this.#hear.get(channel)?.());
    client.on('error', error => this.#broken(error));
    client.on('end', () => this.#broken());
    await client.connect();
    for (const channel of this.#hear.keys()) await client.query(`listen ${channel}`);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#retry);
    await this.#client?.end();
  }

  #broken(error?: Error): void {
    if (error) this.#onError(error);
    if (this.#stopped || this.#retry) return;
    this.#client?.removeAllListeners('end');
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      this.start().then(
        () => this.#onReconnect(),
        (failed: Error) => this.#broken(failed),
      );
    }, again);
  }
}
