import { setImmediate as nextTurn } from 'node:timers/promises'
import { backoffDelayMs, defaultBackoff, sleep } from '@flotta/client-sdk/transport'
import { type Task, toError } from '@flotta/contract'
import type { Logger } from '../ports/logger.ts'

export interface WorkLoopOptions {
  /** How many jobs may run at once. */
  readonly slots: number
  /** How long a question for work may be held by the one who is asked. */
  readonly waitS: number
  readonly next: (waitS: number, signal: AbortSignal) => Promise<Task | undefined>
  /** Runs a task to its end, and answers the next one where its completion brought one; never rejects. */
  readonly run: (task: Task, signals: WorkSignals) => Promise<Task | undefined>
  readonly logger: Logger
}

export interface WorkSignals {
  /** Aborts when no further task is wanted. */
  readonly draining: AbortSignal
  /** Aborts when there is no more time. */
  readonly aborting: AbortSignal
}

export interface WorkLoop {
  /** Asks for no more work, lets running jobs end within `graceMs`, then aborts them. */
  stop(graceMs: number): Promise<void>
}

/**
 * Asks for tasks and runs them until it is stopped. Errors of asking are waited out with back-off.
 *
 * One question is out at a time, however many slots are free, so that one job wakes one question; a slot whose completion brought
 * the next task goes on without asking.
 */
export function startWorkLoop(options: WorkLoopOptions): WorkLoop {
  const draining = new AbortController()
  const aborting = new AbortController()
  const signals = { draining: draining.signal, aborting: aborting.signal }
  const ended = runUntilDrained(options, signals)
  return {
    async stop(graceMs) {
      draining.abort()
      const graceOver = new AbortController()
      await Promise.race([ended, sleep(graceMs, graceOver.signal)])
      graceOver.abort()
      aborting.abort()
      await ended
    },
  }
}

async function runUntilDrained(options: WorkLoopOptions, signals: WorkSignals): Promise<void> {
  const slots = new Set<Promise<void>>()
  while (!signals.draining.aborted) {
    const task = await ask(options, signals.draining)
    if (task === undefined) {
      // Whoever answers "nothing" without waiting must not keep the process from everything else.
      await nextTurn()
    } else {
      const slot: Promise<void> = runChain(task, options, signals).finally(() => slots.delete(slot))
      slots.add(slot)
    }
    if (slots.size >= options.slots) await Promise.race(slots)
  }
  await Promise.all(slots)
}

/** The next task; undefined when there was none, or asking failed and was waited out, or no more work is wanted. */
async function ask({ next, waitS, logger }: WorkLoopOptions, draining: AbortSignal): Promise<Task | undefined> {
  for (let failures = 0; !draining.aborted; failures++) {
    try {
      return await next(waitS, draining)
    } catch (error) {
      if (draining.aborted) return undefined
      const delayMs = backoffDelayMs(defaultBackoff, failures, Math.random())
      logger.warn(`asking for work: ${toError(error).message}`, { nextTryInMs: Math.round(delayMs) })
      await sleep(delayMs, draining)
    }
  }
  return undefined
}

async function runChain(first: Task, { run }: WorkLoopOptions, signals: WorkSignals): Promise<void> {
  for (let task: Task | undefined = first; task !== undefined; ) task = await run(task, signals)
}
