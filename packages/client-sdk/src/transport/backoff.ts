/** How long to wait between attempts. */
export interface BackoffPolicy {
  readonly initialMs: number
  readonly maxMs: number
}

export const defaultBackoff: BackoffPolicy = { initialMs: 200, maxMs: 30_000 }

/**
 * Delay before the next attempt: exponential, capped, then spread by ±20 %.
 *
 * The cap applies before the spread, so the result may exceed `maxMs` by 20 %.
 *
 * @param attempt zero-based index of the attempt that just failed
 * @param random a number in [0, 1)
 * @returns milliseconds
 * @throws {RangeError} when `attempt` is negative
 */
export function backoffDelayMs(policy: BackoffPolicy, attempt: number, random: number): number {
  if (attempt < 0) throw new RangeError('attempt is negative')
  const delay = Math.min(policy.maxMs, policy.initialMs * 2 ** Math.min(attempt, 30))
  return delay * (0.8 + 0.4 * random)
}
