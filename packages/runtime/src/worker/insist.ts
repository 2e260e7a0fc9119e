import { backoffDelayMs, defaultBackoff, sleep } from '@flotta/client-sdk/transport'
import { type FlottaError, isFlottaError } from '@flotta/contract'
import type { Logger } from '../ports/logger.ts'

export interface InsistOptions {
  readonly signal: AbortSignal
  readonly logger: Logger
  /** Which failures pass, by themselves or by what people do elsewhere. @default those that the table of errors calls retryable */
  readonly passes?: (error: FlottaError) => boolean
}

/** Does something until it succeeds, is refused, or the signal aborts: what passes by itself is tried again, with back-off. */
export async function insist<T>(what: string, action: () => Promise<T>, options: InsistOptions): Promise<T> {
  const { signal, logger, passes = isRetryable } = options
  for (let attempt = 0; ; attempt++) {
    try {
      return await action()
    } catch (error) {
      signal.throwIfAborted()
      if (!isFlottaError(error) || !passes(error)) throw error
      const delayMs = backoffDelayMs(defaultBackoff, attempt, Math.random())
      logger.warn(`${what}: ${error.message}`, { code: error.code, nextTryInMs: Math.round(delayMs) })
      await sleep(delayMs, signal)
      signal.throwIfAborted()
    }
  }
}

function isRetryable({ retryable }: FlottaError): boolean {
  return retryable
}
