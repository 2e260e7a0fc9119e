import { FlottaError, type JobId, type Task } from '@flotta/contract'

interface Attempt {
  readonly replaced: AbortController
  readonly ended: Promise<unknown>
}

/**
 * The attempts at jobs that run in this process. A component that stood still for longer than its lease is given its job again while it is
 * still at it; two at once would both keep the product of the same job.
 */
export class Attempts {
  readonly #running = new Map<JobId, Attempt>()

  /**
   * Runs an attempt, as soon as an earlier one at the same job has ended.
   *
   * @param attempt its signal aborts with `stale_lease` when the job comes under a later lease
   */
  async run<T>({ jobId }: Pick<Task, 'jobId'>, attempt: (replaced: AbortSignal) => Promise<T>): Promise<T> {
    const earlier = this.#running.get(jobId)
    earlier?.replaced.abort(new FlottaError('stale_lease'))
    const replaced = new AbortController()
    const result = Promise.resolve(earlier?.ended).then(() => attempt(replaced.signal))
    const own = { replaced, ended: result.catch(() => undefined) }
    this.#running.set(jobId, own)
    try {
      return await result
    } finally {
      if (this.#running.get(jobId) === own) this.#running.delete(jobId)
    }
  }
}
