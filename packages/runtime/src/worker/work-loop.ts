import { setTimeout as after } from 'node:timers/promises'
import { backoffDelayMs, defaultBackoff, sleep } from '@flotta/client-sdk/transport'
import { type Task, toError } from '@flotta/contract'
import type { Logger } from '../ports/logger.ts'

export interface WorkLoopOptions {
  /** How many jobs may run at once. */
  readonly slots: number
  /** How long a question for work may be held by the one who is asked. */
  readonly waitS: number
  readonly next: (waitS: number, signal: AbortSignal) => Promise<Task | undefined>
  /** Runs a task to its end; never rejects. `signal` aborts when there is no more time. */
  readonly run: (task: Task, signal: AbortSignal) => Promise<void>
  readonly logger: Logger
}

export interface WorkLoop {
  /** Asks for no more work, lets running jobs end within `graceMs`, then aborts them. */
  stop(graceMs: number): Promise<void>
}

/** Asks for tasks and runs them, in as many slots as there are, until it is stopped. Errors of asking are waited out with back-off. */
export function startWorkLoop(options: WorkLoopOptions): WorkLoop {
  const draining = new AbortController()
  const aborting = new AbortController()
  const slots = Array.from({ length: options.slots }, () => runSlot(options, draining.signal, aborting.signal))
  return {
    async stop(graceMs) {
      draining.abort()
      const graceOver = new AbortController()
      await Promise.race([Promise.all(slots), after(graceMs, undefined, { signal: graceOver.signal }).catch(() => undefined)])
      graceOver.abort()
      aborting.abort()
      await Promise.all(slots)
    },
  }
}

async function runSlot(
  { next, run, waitS, logger }: WorkLoopOptions,
  draining: AbortSignal,
  aborting: AbortSignal,
): Promise<void> {
  let failures = 0
  while (!draining.aborted) {
    try {
      const task = await next(waitS, draining)
      failures = 0
      if (task !== undefined) await run(task, aborting)
    } catch (error) {
      if (draining.aborted) return
      const delayMs = backoffDelayMs(defaultBackoff, failures++, Math.random())
      logger.warn(`asking for work: ${toError(error).message}`, { nextTryInMs: Math.round(delayMs) })
      await sleep(delayMs, draining)
    }
  }
}
