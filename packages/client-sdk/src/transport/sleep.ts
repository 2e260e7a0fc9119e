import { startTimer } from './timer.ts'

/** Resolves after a time of any length, or at once when the signal aborts; it never rejects, so the caller looks at the signal. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve()
      return
    }
    const done = () => {
      stop()
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const stop = startTimer(ms, done)
    signal?.addEventListener('abort', done, { once: true })
  })
}
