/** Calls a workspace may make in a window: a sixth of 10,000 a minute, counted over ten seconds. */
const limit = 1667;
const windowSeconds = 10;

/** The rate-limit headers of each answer. The double counts and tells, but refuses nobody: that is for a fault rule. */
export class RateLimits {
  readonly #now: () => Date;
  readonly #windows = new Map<string, { reset: number; used: number }>();

  constructor(now: () => Date) {
    this.#now = now;
  }

  count(account: string): Record<string, string> {
    const second = Math.floor(this.#now().getTime() / 1000);
    let window = this.#windows.get(account);
    if (!window || window.reset <= second)
      window = { reset: second - (second % windowSeconds) + windowSeconds, used: 0 };
    window.used++;
    this.#windows.set(account, window);
    return {
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(Math.max(0, limit - window.used)),
      'x-ratelimit-reset': String(window.reset),
    };
  }
}
