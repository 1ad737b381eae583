/** How long a message is worth trying. */
export const worthTrying = 72 * 3600 * 1000;

/** Seconds before the nth try again, in units of the base: quick at first, then every ten minutes. */
const steps = [1, 2, 5, 15, 30, 60, 120, 300, 600];

/**
 * Seconds until the next try after `attempts` failed ones. Spread by a fifth, so that what failed together does not come
 * back together.
 */
export function backoff(attempts: number, baseMs: number, random: () => number = Math.random): number {
  const step = steps[Math.min(attempts, steps.length - 1)] ?? 600;
  return (step * baseMs * (0.9 + 0.2 * random())) / 1000;
}
