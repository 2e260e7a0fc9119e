import { Attempts } from './attempts.ts'
import { deliverKept } from './deliver.ts'
import { type JobRunnerOptions, runJob } from './job-runner.ts'
import { Outbox, type OutboxOptions } from './outbox.ts'
import { startWorkLoop, type WorkLoop, type WorkLoopOptions } from './work-loop.ts'

export interface WorkForOptions extends Omit<JobRunnerOptions, 'outbox'>, Pick<WorkLoopOptions, 'slots' | 'waitS'> {
  /** Where finished products wait that this source has not taken yet: one folder for each source. */
  readonly outbox: OutboxOptions
}

/** Works for one source of tasks: what the process before had finished is delivered first, then tasks are asked for and run. */
export function workFor({ outbox, slots, waitS, ...job }: WorkForOptions): WorkLoop {
  const { source, logger } = job
  const attempts = new Attempts()
  let opened: Promise<JobRunnerOptions> | undefined
  const runner = (signal: AbortSignal): Promise<JobRunnerOptions> => {
    opened ??= open(signal).catch((error: unknown) => {
      opened = undefined
      throw error
    })
    return opened
  }
  const open = async (signal: AbortSignal): Promise<JobRunnerOptions> => {
    const ready = { ...job, outbox: await Outbox.open(outbox) }
    await deliverKept(ready, signal)
    return ready
  }
  return startWorkLoop({
    slots,
    waitS,
    next: async (seconds, signal) => {
      await runner(signal)
      return source.next(seconds, signal)
    },
    run: (task, signals) =>
      attempts.run(task, async (replaced) => runJob(task, await runner(signals.aborting), { ...signals, replaced })),
    logger,
  })
}
