import { PreparationError } from '@flotta/algorithms'
import {
  type ErrorCode,
  FlottaError,
  failureFromUnknown,
  isFlottaError,
  type JobFailure,
  jobFailure,
  toError,
} from '@flotta/contract'

/** A failure as data: what may cross the wire, and the detail that stays on this machine. */
export interface FailedOutcome {
  readonly kind: 'failed'
  readonly failure: JobFailure
  readonly detail: string
}

export function failed(code: ErrorCode, detail: string): FailedOutcome {
  return { kind: 'failed', failure: jobFailure(code), detail }
}

/** A thrown value as an outcome; a full disk is told apart, since it passes. */
export function failedOutcome(error: unknown): FailedOutcome {
  // Its message names a feature and no value, so it may cross the wire.
  if (error instanceof PreparationError) return failedOutcome(new FlottaError('unsuitable_feature', error.message))
  const { code } = (error ?? {}) as { code?: unknown }
  if (code === 'ENOSPC' || code === 'EDQUOT') return failed('storage_full', toError(error).message)
  const { cause, stack, message } = toError(error)
  const detail =
    typeof cause === 'string'
      ? cause
      : isFlottaError(error)
        ? [message, cause instanceof Error ? cause.message : ''].join(' ').trim()
        : String(stack)
  return { kind: 'failed', failure: failureFromUnknown(error), detail }
}

/** What comes of some work; what it throws is an outcome too. */
export async function orFailed<T>(work: () => Promise<T>): Promise<T | FailedOutcome> {
  try {
    return await work()
  } catch (error) {
    return failedOutcome(error)
  }
}
