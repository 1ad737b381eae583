import type { Sandbox } from './types.ts';

/** Tells who waits that something in the sandbox has changed. */
export class Changes {
  readonly #watchers = new Set<() => void>();

  changed(): void {
    for (const look of [...this.#watchers]) look();
  }

  /**
   * See {@link Sandbox.until}. A `read` that throws counts as "not yet": what it reaches for may not exist so far. Its last
   * error becomes the cause of the time-out.
   */
  until: Sandbox['until'] = (read, { timeout = 10_000, what = 'the expected state' } = {}) => {
    type Found = Exclude<Awaited<ReturnType<typeof read>>, undefined | null | false>;
    return new Promise<Found>((resolve, reject) => {
      let over = false;
      let looking = false;
      let stale = false;
      let lastError: unknown;
      const end = (settle: () => void) => {
        over = true;
        this.#watchers.delete(look);
        clearTimeout(timer);
        settle();
      };
      const timer = setTimeout(
        () =>
          end(() =>
            reject(new Error(`The sandbox did not come to ${what} within ${timeout} ms.`, { cause: lastError })),
          ),
        timeout,
      );
      const attempt = async () => {
        try {
          const value = await read();
          if (!over && value !== undefined && value !== null && value !== false) end(() => resolve(value as Found));
        } catch (error) {
          lastError = error;
        }
      };
      // A change that comes while `read` is still at work asks for one more look, not for a second one beside it.
      const look = async () => {
        stale = true;
        if (looking) return;
        looking = true;
        while (stale && !over) {
          stale = false;
          await attempt();
        }
        looking = false;
      };
      this.#watchers.add(look);
      look();
    });
  };
}
