/** The longest time that a timer of the platform counts, some 24.8 days: told a longer one it ends at once. */
const LONGEST_MS = 2 ** 31 - 1

/**
 * Calls back once after a time of any length; after `Infinity`, never.
 *
 * @param ref whether the process lives at least so long
 * @returns what stops it
 * @throws {RangeError} when the time is negative or no number
 */
export function startTimer(ms: number, callback: () => void, { ref = true }: { readonly ref?: boolean } = {}): () => void {
  if (!(ms >= 0)) throw new RangeError(`a time to wait is 0 ms at least, not ${ms}`)
  let timer: ReturnType<typeof setTimeout>
  const waitFor = (leftMs: number) => {
    timer = leftMs > LONGEST_MS ? setTimeout(() => waitFor(leftMs - LONGEST_MS), LONGEST_MS) : setTimeout(callback, leftMs)
    if (!ref) timer.unref()
  }
  waitFor(ms)
  return () => clearTimeout(timer)
}
