import type { ComponentId, JobId, JobOperation, PlainStep, ResourceId, SecureSumJob } from '@flotta/contract'
import type { PlannedBarrier, PlannedJob } from '../ports/store.ts'
import { defaultDistribution, linksOf } from './distributions/distribution-links.ts'
import { placeOf } from './places.ts'
import { type Quorum, quorumOf } from './quorum.ts'
import { shapeOf } from './steps/shape-of.ts'
import type { Crew, StepShape } from './steps/step-shape.ts'
import type { Stage, StageEnd } from './unroll.ts'

export interface CourseContext {
  readonly submitterId: ComponentId
  readonly makeJobId: () => JobId
  readonly makeResourceId: () => ResourceId
}

type Growing = { -readonly [Key in keyof PlannedJob]: PlannedJob[Key] }

/** A stage with its jobs: those that take what came before it, those whose products leave it, all of them by ordinal. */
interface PlannedStage {
  readonly stage: Stage
  readonly first: number
  readonly last: number
  readonly entries: readonly Growing[]
  readonly exits: readonly Growing[]
}

/** What the jobs of a step do: the step's operation, or their parts of it, each of them one object however many jobs it is of. */
function jobOperations(step: PlainStep): (part: SecureSumJob['part'] | undefined) => JobOperation {
  if (step.kind !== 'SecureSum') return () => step.operation
  const { estimator, query } = step.operation
  const of = (part: SecureSumJob['part']): SecureSumJob => ({ kind: 'SecureSum', part, estimator, query, levels: step.levels })
  const parts = { mask: of('mask'), add: of('add'), unmask: of('unmask') }
  return (part) => (part === undefined ? step.operation : parts[part])
}

/**
 * The jobs and barriers of a course that can run.
 *
 * - Ordinals follow the course, then the canonical order of the step, so that inputs have one order whatever the timing.
 * - A job waits for one barrier and feeds one: there are never more barriers than jobs (E7).
 * - What a job produces may be read by those who take it as input or use it, and by nobody else; what the last one produces by the
 *   submitter.
 */
export function planCourse(
  course: readonly Stage[],
  crew: Crew,
  context: CourseContext,
): { readonly jobs: readonly PlannedJob[]; readonly barriers: readonly PlannedBarrier[] } {
  const draft = new Draft(context)
  const shapes = new Map<string, StepShape>()
  const stages = course.map((stage) => {
    const shape = shapes.get(stage.step.kind) ?? shapeOf(stage.step.kind, crew)
    shapes.set(stage.step.kind, shape)
    return draft.addStage(stage, shape)
  })
  for (const [place, planned] of stages.entries()) {
    const next = stages[place + 1]
    if (next) draft.link(planned, next)
    else draft.release(planned)
    draft.use(planned, stages)
  }
  for (const planned of stages) if (planned.stage.until) draft.mayEndRounds(planned, planned.stage.until, stages)
  return { jobs: draft.jobs, barriers: draft.barriers }
}

class Draft {
  readonly jobs: Growing[] = []
  readonly barriers: PlannedBarrier[] = []
  readonly #context: CourseContext
  /** Lists of readers by what they hold: thousands of jobs share a few of them. */
  readonly #audiences = new Map<string, readonly ComponentId[]>()

  constructor(context: CourseContext) {
    this.#context = context
  }

  addStage(stage: Stage, { jobs, exits }: StepShape): PlannedStage {
    const first = this.jobs.length
    const operationOf = jobOperations(stage.step)
    for (const { doer, part } of jobs) {
      this.jobs.push({
        id: this.#context.makeJobId(),
        ordinal: this.jobs.length,
        stepIndex: stage.stepIndex,
        componentId: doer,
        operation: operationOf(part),
        waitsFor: undefined,
        feeds: undefined,
        uses: [],
        outputId: this.#context.makeResourceId(),
        recipientIds: [],
        released: false,
        until: undefined,
      })
    }
    const own = this.jobs.slice(first)
    for (const [place, { after }] of jobs.entries()) {
      const [job, before] = [own[place], after === undefined ? undefined : own[after]]
      if (job && before) this.#join([before], [job], quorumOf(stage.step, 1))
    }
    for (const [place, { uses }] of jobs.entries()) {
      const [job, used] = [own[place], uses === undefined ? undefined : own[uses]]
      if (!job || !used) continue
      job.uses = [used.outputId]
      this.#addReaders(used, [job.componentId])
    }
    const at = (place: number): Growing => own[place]!
    const entries = own.filter((_, place) => jobs[place]?.after === undefined)
    return { stage, first, last: this.jobs.length - 1, entries, exits: exits.map(at) }
  }

  /** Lets what a stage produced travel to the next one. */
  link({ stage, exits }: PlannedStage, next: PlannedStage): void {
    const kind = stage.distribution ?? defaultDistribution(placeOf(stage.step), placeOf(next.stage.step))
    if (kind === undefined) throw new RangeError(`nothing leads from ${stage.path} to ${next.stage.path}`)
    for (const { from, to } of linksOf(kind, exits.length, next.entries.length)) {
      this.#join(
        from.map((place) => exits[place]!),
        to.map((place) => next.entries[place]!),
        quorumOf(stage.step, from.length),
      )
    }
  }

  /** What the last stage produces is the result. */
  release({ exits }: PlannedStage): void {
    for (const job of exits) {
      job.released = true
      this.#addReaders(job, [this.#context.submitterId])
    }
  }

  /** Gives a stage's jobs the products of earlier ones beside their inputs. */
  use({ stage, first, last }: PlannedStage, stages: readonly PlannedStage[]): void {
    if (stage.uses.length === 0) return
    const users = this.jobs.slice(first, last + 1)
    const used = stage.uses.flatMap((place) => stages[place]?.exits ?? [])
    const outputIds = used.map(({ outputId }) => outputId)
    for (const job of users) job.uses = outputIds
    for (const job of used)
      this.#addReaders(
        job,
        users.map(({ componentId }) => componentId),
      )
  }

  /** Says what becomes of the job that ends a round, should it be the last one: it then stands where that of the last round stands. */
  mayEndRounds({ exits, last }: PlannedStage, { criterion, previous, resume }: StageEnd, stages: readonly PlannedStage[]): void {
    const [end] = stages[resume - 1]?.exits ?? []
    const [before] = stages[previous]?.exits ?? []
    const lastOrdinal = stages[resume - 1]?.last
    if (end === undefined || before === undefined || lastOrdinal === undefined) throw new RangeError('rounds end at one job')
    for (const job of exits) {
      const { feeds, recipientIds, released } = end
      job.until = { criterion, previous: before.outputId, feeds, recipientIds, released, skipFrom: last + 1, skipTo: lastOrdinal }
      this.#addReaders(before, [job.componentId])
    }
  }

  /** A barrier that some feed and others wait for; it needs all of them unless told otherwise. */
  #join(from: readonly Growing[], to: readonly Growing[], quorum: Quorum = { needed: from.length, timeoutMs: undefined }): void {
    const barrier = { index: this.barriers.length, ...quorum }
    this.barriers.push(barrier)
    for (const job of to) job.waitsFor = barrier.index
    const readers = to.map(({ componentId }) => componentId)
    for (const job of from) {
      job.feeds = barrier.index
      this.#addReaders(job, readers)
    }
  }

  #addReaders(job: Growing, readers: readonly ComponentId[]): void {
    const all = job.recipientIds.length === 0 ? readers : [...new Set([...job.recipientIds, ...readers])].sort()
    const key = all.join(' ')
    job.recipientIds = this.#audiences.get(key) ?? all
    this.#audiences.set(key, job.recipientIds)
  }
}
