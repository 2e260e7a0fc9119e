/** Somebody who waits to be woken. */
export interface Listener {
  /** Resolves when woken, after the time, or when the signal aborts, whichever is first. */
  wait(timeoutMs: number, signal?: AbortSignal): Promise<void>
  close(): void
}

/**
 * Wakes those who wait for something to change, by key.
 *
 * Listen first, then look, then wait: a change between looking and waiting is not missed.
 */
export class WakeUps {
  readonly #listeners = new Map<string, Set<() => void>>()

  listen(key: string): Listener {
    let woken = false
    let notify: (() => void) | undefined
    const wake = () => {
      woken = true
      notify?.()
    }
    const listeners = this.#listeners.get(key) ?? new Set()
    listeners.add(wake)
    this.#listeners.set(key, listeners)
    return {
      wait: (timeoutMs, signal) =>
        new Promise((resolve) => {
          const done = () => {
            clearTimeout(timer)
            signal?.removeEventListener('abort', done)
            notify = undefined
            woken = false
            resolve()
          }
          const timer = setTimeout(done, timeoutMs)
          notify = done
          signal?.addEventListener('abort', done, { once: true })
          if (woken || signal?.aborted) done()
        }),
      close: () => {
        listeners.delete(wake)
        if (listeners.size === 0 && this.#listeners.get(key) === listeners) this.#listeners.delete(key)
      },
    }
  }

  wake(keys: Iterable<string>): void {
    for (const key of keys) for (const notify of [...(this.#listeners.get(key) ?? [])]) notify()
  }

  /** Wakes everybody, as when the node stops. */
  wakeAll(): void {
    this.wake([...this.#listeners.keys()])
  }
}
