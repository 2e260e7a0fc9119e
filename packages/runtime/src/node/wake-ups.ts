/** Somebody who waits to be woken. */
export interface Listener {
  /** Whether it was woken since the last wait or within the time; false as soon as the signal aborts. */
  wait(timeoutMs: number, signal?: AbortSignal): Promise<boolean>
  close(): void
}

/** How many of those who wait for the same are woken in one turn of the event loop: each will be answered, which takes its time. */
const SLICE = 50

/**
 * Wakes those who wait for something to change, by any of their keys.
 *
 * Listen first, then look, then wait: a change between looking and waiting is not missed.
 */
export class WakeUps {
  readonly #listeners = new Map<string, Set<() => void>>()

  listen(...keys: readonly string[]): Listener {
    let woken = false
    let notify: (() => void) | undefined
    const wake = () => {
      woken = true
      notify?.()
    }
    for (const key of keys) this.#add(key, wake)
    return {
      wait: (timeoutMs, signal) =>
        new Promise((resolve) => {
          const done = () => {
            clearTimeout(timer)
            signal?.removeEventListener('abort', done)
            notify = undefined
            const answer = woken && signal?.aborted !== true
            woken = false
            resolve(answer)
          }
          const timer = setTimeout(done, timeoutMs)
          notify = done
          signal?.addEventListener('abort', done, { once: true })
          if (woken || signal?.aborted) done()
        }),
      close: () => {
        for (const key of keys) this.#remove(key, wake)
      },
    }
  }

  wake(keys: Iterable<string>): void {
    for (const key of keys) notifyInSlices([...(this.#listeners.get(key) ?? [])])
  }

  /** Wakes those who wait for a key after a time. Nothing is kept running for it. */
  wakeAfter(key: string, delayMs: number): void {
    setTimeout(() => this.wake([key]), delayMs).unref()
  }

  /** Wakes everybody, as when the node stops. */
  wakeAll(): void {
    notifyInSlices([...new Set([...this.#listeners.values()].flatMap((listeners) => [...listeners]))])
  }

  #add(key: string, wake: () => void): void {
    const listeners = this.#listeners.get(key) ?? new Set()
    listeners.add(wake)
    this.#listeners.set(key, listeners)
  }

  #remove(key: string, wake: () => void): void {
    const listeners = this.#listeners.get(key)
    listeners?.delete(wake)
    if (listeners?.size === 0) this.#listeners.delete(key)
  }
}

function notifyInSlices(waiting: readonly (() => void)[], start = 0): void {
  const end = start + SLICE
  for (const notify of waiting.slice(start, end)) notify()
  if (end < waiting.length) setImmediate(() => notifyInSlices(waiting, end))
}
