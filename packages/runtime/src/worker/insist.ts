import { backoffDelayMs, defaultBackoff, sleep } from '@flotta/client-sdk/transport'
import { type ErrorCode, isFlottaError } from '@flotta/contract'
import type { Logger } from '../ports/logger.ts'

/** What passes by itself, or by what people do elsewhere. */
const passing: readonly ErrorCode[] = ['unavailable', 'storage_full', 'admission_pending']

/** Does something until it succeeds, is refused, or the signal aborts: what passes by itself is tried again, with back-off. */
export async function insist<T>(
  what: string,
  action: () => Promise<T>,
  options: { readonly signal: AbortSignal; readonly logger: Logger },
): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await action()
    } catch (error) {
      if (!isFlottaError(error) || !passing.includes(error.code) || options.signal.aborted) throw error
      const delayMs = backoffDelayMs(defaultBackoff, attempt, Math.random())
      options.logger.warn(`${what}: ${error.message}`, { nextTryInMs: Math.round(delayMs) })
      await sleep(delayMs, options.signal)
      options.signal.throwIfAborted()
    }
  }
}
