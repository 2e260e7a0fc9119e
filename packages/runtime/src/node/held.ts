import type { NodeContext } from './node-context.ts'

/**
 * By which share a wait is shorter at most, by chance: thousands who have asked at the same time, as when their node is back, so do not
 * ask at the same time for ever.
 */
const SPREAD = 0.1

/**
 * Holds a request until there is something to answer: looks at once, and again whenever one of the keys was woken.
 *
 * Answers undefined when there was nothing within the wait, or the caller has hung up, or the node stops.
 */
export async function held<T>(
  { wakeUps, stopping }: Pick<NodeContext, 'wakeUps' | 'stopping'>,
  keys: readonly string[],
  waitMs: number,
  signal: AbortSignal,
  look: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const deadline = performance.now() + waitMs * (1 - SPREAD * Math.random())
  const listener = wakeUps.listen(...keys)
  try {
    for (;;) {
      const found = await look()
      if (found !== undefined) return found
      const remainingMs = deadline - performance.now()
      if (remainingMs <= 0 || stopping.aborted) return undefined
      if (!(await listener.wait(remainingMs, signal)) || stopping.aborted) return undefined
    }
  } finally {
    listener.close()
  }
}
