import {
  type ArtifactEvent,
  type ArtifactId,
  type ArtifactView,
  FlottaError,
  isFlottaError,
  isTerminalArtifact,
  type JobView,
  routes,
} from '@flotta/contract'
import type { ProjectContext } from './project-context.ts'
import { downloadResult } from './results/download-result.ts'
import type { Result } from './results/result.ts'
import { backoffDelayMs, defaultBackoff } from './transport/backoff.ts'
import { sleep } from './transport/sleep.ts'

export interface WaitOptions {
  readonly signal?: AbortSignal
}

/** A submitted plan. `for await (const event of run)` tells each change as it happens; `run.result()` waits for the end. */
export class Run implements AsyncIterable<ArtifactEvent> {
  readonly id: ArtifactId
  readonly #context: ProjectContext
  #result: Promise<Result> | undefined

  constructor(id: ArtifactId, context: ProjectContext) {
    this.id = id
    this.#context = context
  }

  /** The present state of the artifact and all its jobs. */
  status(options: WaitOptions = {}): Promise<ArtifactView> {
    return this.#context.connection.call(routes.workbench.artifact, { params: { artifactId: this.id } }, options)
  }

  [Symbol.asyncIterator](): AsyncGenerator<ArtifactEvent> {
    return this.events()
  }

  /**
   * Each change from the beginning, as it happens; ends when the artifact has ended. A broken connection is taken up again where
   * it broke, as long as the node comes back within the back-off's patience or the signal lets it.
   */
  async *events(options: WaitOptions = {}): AsyncGenerator<ArtifactEvent> {
    let after = 0
    let failures = 0
    for (;;) {
      try {
        const call = { params: { artifactId: this.id }, query: { after: String(after) } }
        for await (const event of this.#context.connection.events(routes.workbench.events, call, options)) {
          after = event.sequence
          failures = 0
          yield event
          if (isTerminalArtifact(event.artifactStatus) && event.job === null) return
        }
      } catch (error) {
        if (options.signal?.aborted || !isFlottaError(error, 'unavailable') || failures >= 20) throw error
      }
      await sleep(backoffDelayMs(defaultBackoff, failures++, Math.random()), options.signal)
      options.signal?.throwIfAborted()
    }
  }

  /**
   * Waits for the end and downloads the released result.
   *
   * @throws {FlottaError} the failure of the artifact, as soon as it has failed (E25)
   */
  result(options: WaitOptions = {}): Promise<Result> {
    this.#result ??= this.#awaitResult(options).catch((error: unknown) => {
      this.#result = undefined
      throw error
    })
    return this.#result
  }

  /** As `result`, for a plan whose result is known to be of one kind. */
  async resultOf<Kind extends Result['kind']>(kind: Kind, options: WaitOptions = {}): Promise<Extract<Result, { kind: Kind }>> {
    const result = await this.result(options)
    if (result.kind !== kind) throw new FlottaError('invalid_resource', `The result is a ${result.kind}, not a ${kind}.`)
    return result as Extract<Result, { kind: Kind }>
  }

  /** What the sites reported of their models on their own test records. */
  async siteMetrics(options: WaitOptions = {}): Promise<JobView[]> {
    const { jobs } = await this.status(options)
    return jobs.filter((job) => job.metrics !== null)
  }

  async #awaitResult(options: WaitOptions): Promise<Result> {
    for await (const event of this.events(options)) {
      if (event.job === null && isTerminalArtifact(event.artifactStatus)) break
    }
    const view = await this.status(options)
    if (view.status !== 'COMPLETED' || view.result === null) {
      throw new FlottaError(
        view.failure?.code ?? 'internal_error',
        view.failure?.message ?? `The artifact ended as ${view.status}.`,
      )
    }
    return downloadResult(this.#context, view.result.id, options)
  }
}
