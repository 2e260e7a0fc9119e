import {
  type ArtifactEvent,
  type ArtifactFailure,
  type ArtifactId,
  type ArtifactStatus,
  type ArtifactView,
  FlottaError,
  isTerminalArtifact,
  type JobView,
  type Participation,
  routes,
} from '@flotta/contract'
import { Patience, type PatienceOptions, patiently } from './patience.ts'
import type { ProjectContext } from './project-context.ts'
import { downloadResult } from './results/download-result.ts'
import type { Result } from './results/result.ts'
import { anySignal } from './transport/any-signal.ts'
import { TimeLimit } from './transport/time-limit.ts'

export interface CallOptions {
  readonly signal?: AbortSignal
}

export interface WaitOptions extends CallOptions {
  /** Longest wait, of any length; then it ends with `wait_timeout`, while the artifact goes on. As long as it takes unless told. */
  readonly timeoutMs?: number
}

/** A submitted plan. `for await (const event of run)` tells each change as it happens; `run.result()` waits for the end. */
export class Run implements AsyncIterable<ArtifactEvent> {
  readonly id: ArtifactId
  readonly #context: ProjectContext
  #result: Result | undefined

  constructor(id: ArtifactId, context: ProjectContext) {
    this.id = id
    this.#context = context
  }

  /** The present state of the artifact and all its jobs. */
  status(options: CallOptions = {}): Promise<ArtifactView> {
    return this.#context.connection.call(routes.workbench.artifact, { params: { artifactId: this.id } }, options)
  }

  /**
   * Cancels the artifact and all jobs of it that have not ended; whoever runs one learns so within seconds. Again is the same as
   * once, and an artifact that has ended stays as it ended.
   *
   * @returns the state after it
   */
  async cancel(options: CallOptions = {}): Promise<ArtifactStatus> {
    const call = { params: { artifactId: this.id }, body: {} }
    const { status } = await this.#context.connection.call(routes.workbench.cancel, call, options)
    return status
  }

  [Symbol.asyncIterator](): AsyncGenerator<ArtifactEvent> {
    return this.events()
  }

  /**
   * Each change as it happens, from the beginning or after the sequence that is told; ends when the artifact has ended. A connection that
   * breaks, or is answered by something else than the node, is taken up again where it broke: until the time of the wait is over, or, where
   * none is told, as long as the node comes back within the back-off's patience.
   */
  async *events({ after = 0, ...wait }: WaitOptions & { readonly after?: number } = {}): AsyncGenerator<ArtifactEvent> {
    using limits = limited(wait)
    yield* this.#events(limits, after)
  }

  async *#events(limits: PatienceOptions, start = 0): AsyncGenerator<ArtifactEvent> {
    const options = limits.signal ? { signal: limits.signal } : {}
    const patience = new Patience(limits)
    let after = start
    let ended = false
    for (;;) {
      try {
        let told = false
        const call = { params: { artifactId: this.id }, query: { after: String(after) } }
        for await (const event of this.#context.connection.events(routes.workbench.events, call, options)) {
          after = event.sequence
          told = true
          patience.heard()
          yield event
          if (isTerminalArtifact(event.artifactStatus) && event.job === null) return
        }
        // A stream that ends without the end has none to tell where that was told before, or the node stops.
        if (ended && !told) return
        ended = isTerminalArtifact((await this.status(options)).status)
        if (ended) continue
      } catch (error) {
        await patience.bear(error)
        continue
      }
      await patience.pause()
    }
  }

  /**
   * Waits for the end and downloads the released result. A node that goes away meanwhile, be it at the very last, is asked again as
   * long as it comes back within the back-off's patience.
   *
   * @throws {FlottaError} the failure of the artifact, as soon as it has failed, with component, step and operation in its message
   * (E25); `cancelled`; `wait_timeout`
   */
  async result(options: WaitOptions = {}): Promise<Result> {
    using limit = limited(options)
    this.#result ??= await this.#awaitResult(limit)
    return this.#result
  }

  /** As `result`, for a plan whose result is known to be of one kind. */
  async resultOf<Kind extends Result['kind']>(kind: Kind, options: WaitOptions = {}): Promise<Extract<Result, { kind: Kind }>> {
    const result = await this.result(options)
    if (result.kind !== kind) throw new FlottaError('invalid_resource', `The result is a ${result.kind}, not a ${kind}.`)
    return result as Extract<Result, { kind: Kind }>
  }

  /** What the sites reported of their models on their own test records. */
  async siteMetrics(options: CallOptions = {}): Promise<JobView[]> {
    const { jobs } = await this.status(options)
    return jobs.filter((job) => job.metrics !== null)
  }

  /** Which data holders took part, and how many jobs of each completed, failed or were gone on without. */
  async participants(options: CallOptions = {}): Promise<Participation[]> {
    return (await this.status(options)).participants
  }

  async #awaitResult(limits: PatienceOptions): Promise<Result> {
    const options = limits.signal ? { signal: limits.signal } : {}
    for await (const event of this.#events(limits)) {
      if (event.job === null && isTerminalArtifact(event.artifactStatus)) break
    }
    const { status, failure, result } = await patiently(() => this.status(options), limits)
    if (status === 'CANCELLED') throw new FlottaError('cancelled')
    if (failure !== null) throw new FlottaError(failure.code, failureText(failure))
    if (result === null) throw new FlottaError('internal_error', `The artifact ended as ${status} without a result.`)
    return patiently(() => downloadResult(this.#context, result.id, options), limits)
  }
}

/** What ends a wait: the signal of the caller, or its time, which no failure cuts short. */
function limited({ signal, timeoutMs }: WaitOptions): PatienceOptions & Disposable {
  const limit = timeoutMs === undefined ? undefined : TimeLimit.of(timeoutMs)
  const signals = [signal, limit?.signal].filter((one) => one !== undefined)
  return {
    ...(signals.length === 0 ? {} : { signal: anySignal(signals) }),
    untilAborted: limit !== undefined,
    timedOut: () => new FlottaError('wait_timeout'),
    [Symbol.dispose]: () => limit?.[Symbol.dispose](),
  }
}

/** `Estimate at north (step 0) failed: …`, with what came before it where it was not the first attempt. */
function failureText({ message, job }: ArtifactFailure): string {
  if (job === null) return message
  const earlier = job.failures.slice(0, -1).map(({ code }) => code)
  const before = earlier.length === 0 ? '' : ` (attempt ${earlier.length + 1}; before it: ${earlier.join(', ')})`
  return `${job.operation} at ${job.component.name} (step ${job.stepIndex}) failed${before}: ${message}`
}
