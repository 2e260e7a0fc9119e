import { type BackoffPolicy, backoffDelayMs } from '@flotta/client-sdk/transport'
import type { WakeUps } from './wake-ups.ts'

const backoff: BackoffPolicy = { initialMs: 500, maxMs: 30_000 }
/** No attempt is delayed for longer. */
export const LONGEST_RETRY_DELAY_MS = Math.ceil(backoffDelayMs(backoff, 30, 1))

/** How long a job waits for its next attempt, by chance. @param epoch of the attempt that failed, from 1 */
export function retryDelayMs(epoch: number): number {
  return Math.round(backoffDelayMs(backoff, epoch - 1, Math.random()))
}

/**
 * Has everybody look once when each delay is over that began before this process did: when that is, is remembered by who has ended the
 * attempt, who may be gone, and a question is held for longer. Answers what gives that up.
 */
export function lookWhenDelaysAreOver(wakeUps: WakeUps): () => void {
  const timer = setTimeout(() => wakeUps.wakeAll(), LONGEST_RETRY_DELAY_MS).unref()
  return () => clearTimeout(timer)
}
