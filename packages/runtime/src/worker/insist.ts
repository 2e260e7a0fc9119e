import { backoffDelayMs, defaultBackoff, sleep } from '@flotta/client-sdk/transport'
import { isFlottaError } from '@flotta/contract'
import type { Logger } from '../ports/logger.ts'

/**
 * Does something until it succeeds, is refused, or the signal aborts: only `unavailable` and `storage_full`, which pass by
 * themselves, are tried again, with back-off.
 */
export async function insist<T>(
  what: string,
  action: () => Promise<T>,
  options: { readonly signal: AbortSignal; readonly logger: Logger },
): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await action()
    } catch (error) {
      const passing = isFlottaError(error, 'unavailable') || isFlottaError(error, 'storage_full')
      if (!passing || options.signal.aborted) throw error
      const delayMs = backoffDelayMs(defaultBackoff, attempt, Math.random())
      options.logger.warn(`${what}: ${error.message}`, { nextTryInMs: Math.round(delayMs) })
      await sleep(delayMs, options.signal)
      options.signal.throwIfAborted()
    }
  }
}
