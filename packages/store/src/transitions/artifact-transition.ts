import {
  type ArtifactId,
  type ArtifactTransition as ArtifactMove,
  type ArtifactStatus,
  artifactTransitions,
  type ComponentId,
  isTerminalArtifact,
  isTerminalJob,
  type JobFailure,
  type JobTransition as JobMove,
  type JobStatus,
  jobStatesBefore,
  jobTransitions,
} from '@flotta/contract'
import type { ArtifactFailureRecord, Changes } from '@flotta/runtime/ports'
import type { Dialect } from '../dialect.ts'
import { appendEvents, type NewEvent } from '../events.ts'
import { Prisma } from '../generated/sqlite/client.ts'
import { toText } from '../json.ts'
import type { Statements } from '../statements.ts'

/** A job that has just changed its state. */
export interface MovedJob {
  readonly id: string
  readonly ordinal: number
  readonly step_index: number
  readonly component_id: string
  readonly project_id: string
  readonly output_id: string
  readonly waits_for: number | null
  readonly feeds: number | null
  readonly attempts: number
  /** Of its last lease. */
  readonly epoch: number
}

/** How jobs change beside their state. */
export interface JobChange {
  readonly where: Prisma.Sql
  /** Further columns that are set; it starts with a comma. */
  readonly set?: Prisma.Sql
  /** Rows of values, one for each job, which `where` and `set` call `given.column1`, `given.column2` and so on. */
  readonly given?: readonly Prisma.Sql[]
  /** Why, for the events. */
  readonly failure?: JobFailure | null
}

interface ArtifactRow {
  readonly number: number
  readonly id: string
  readonly status: string
  readonly max_attempts: number
  readonly event_count: number
  readonly live_jobs: number
}

/**
 * What happens to one artifact and its jobs within one transaction.
 *
 * T1 The artifact's row is locked first and its jobs after it, by everybody: transitions of an artifact happen one after the other,
 *    so its events have no gaps, and two transitions never wait for each other.
 * T2 Jobs move by compare-and-set out of the states that the contract's table allows.
 * T3 Each move leaves an event. The end of the artifact is its last one.
 */
export class ArtifactTransition {
  readonly statements: Statements
  readonly dialect: Dialect
  readonly number: number
  readonly id: ArtifactId
  readonly maxAttempts: number
  readonly #eventCount: number
  readonly #events: NewEvent[] = []
  readonly #readyFor = new Set<ComponentId>()
  #status: ArtifactStatus
  #liveJobs: number
  #failure: ArtifactFailureRecord | null = null

  private constructor(statements: Statements, dialect: Dialect, row: ArtifactRow) {
    this.statements = statements
    this.dialect = dialect
    this.number = Number(row.number)
    this.id = row.id as ArtifactId
    this.maxAttempts = Number(row.max_attempts)
    this.#status = row.status as ArtifactStatus
    this.#eventCount = Number(row.event_count)
    this.#liveJobs = Number(row.live_jobs)
  }

  static async begin(statements: Statements, dialect: Dialect, number: number): Promise<ArtifactTransition> {
    const transition = await ArtifactTransition.beginOf(statements, dialect, Prisma.sql`${number}`)
    if (transition === undefined) throw new RangeError(`there is no artifact of number ${number}`)
    return transition
  }

  /** Undefined where another transition of the artifact is under way: it waits for none. */
  static beginUnlessHeld(statements: Statements, dialect: Dialect, number: number): Promise<ArtifactTransition | undefined> {
    return ArtifactTransition.beginOf(statements, dialect, Prisma.sql`${number}`, dialect.forUpdateOfFree)
  }

  /**
   * @param number SQL of the number of an artifact
   * @param lock how its row is locked
   * @returns undefined where there is none, or none that the lock lets through
   */
  static async beginOf(
    statements: Statements,
    dialect: Dialect,
    number: Prisma.Sql,
    lock = dialect.forUpdate,
  ): Promise<ArtifactTransition | undefined> {
    const [row] = await statements.rows<ArtifactRow>(Prisma.sql`
      SELECT number, id, status, max_attempts, event_count, live_jobs FROM artifact WHERE number = ${number} ${lock}`)
    return row && new ArtifactTransition(statements, dialect, row)
  }

  get status(): ArtifactStatus {
    return this.#status
  }

  get ended(): boolean {
    return isTerminalArtifact(this.#status)
  }

  get liveJobs(): number {
    return this.#liveJobs
  }

  /** Moves those of the jobs that `where` names whose state allows it; answers them by ordinal. */
  async moveJobs(move: JobMove, { where, set = Prisma.empty, given, failure = null }: JobChange): Promise<MovedJob[]> {
    const before = jobStatesBefore(move)
    const status = jobStateAfter(move)
    const from = given === undefined ? Prisma.empty : Prisma.sql`FROM (VALUES ${Prisma.join([...given])}) AS given`
    const moved = await this.statements.rows<MovedJob>(Prisma.sql`
      UPDATE job SET status = ${status} ${set} ${from}
      WHERE artifact_number = ${this.number} AND status IN (${Prisma.join(before)}) AND ${where}
      RETURNING id, ordinal, step_index, component_id, project_id, output_id, waits_for, feeds, attempts, epoch`)
    moved.sort((a, b) => a.ordinal - b.ordinal)
    for (const { id, attempts, component_id } of moved) {
      this.#events.push({ artifactStatus: this.#status, job: { id, status, attempt: Number(attempts) }, failure })
      if (status === 'READY') this.#readyFor.add(component_id as ComponentId)
    }
    if (isTerminalJob(status)) this.#liveJobs -= moved.length
    return moved
  }

  /** Moves the artifact itself, where its state allows it. */
  moveArtifact(move: ArtifactMove, failure: ArtifactFailureRecord | null = null): void {
    const status = artifactTransitions[this.#status][move]
    if (status === null) return
    this.#status = status
    this.#failure = failure
    const reason = failure === null ? null : { code: failure.code, message: failure.message }
    this.#events.push({ artifactStatus: status, job: null, failure: reason })
  }

  /** Writes what happened; nothing may happen after it. */
  async save(): Promise<Changes> {
    if (this.#events.length === 0) return { readyFor: [], artifactIds: [] }
    const last = this.#eventCount + this.#events.length
    await appendEvents(this.statements, this.dialect, this.number, this.#eventCount, this.#events)
    const endedAtMs = Prisma.sql`(SELECT at_ms FROM event WHERE artifact_number = ${this.number} AND sequence = ${last})`
    const changes: Changes = { readyFor: [...this.#readyFor], artifactIds: [this.id] }
    const updated = await this.statements.rows(Prisma.sql`
      UPDATE artifact SET status = ${this.#status}, live_jobs = ${this.#liveJobs}, event_count = ${last}
        ${this.ended ? Prisma.sql`, ended_at_ms = ${endedAtMs}, leftover_since_ms = ${endedAtMs}` : Prisma.empty}
        ${this.#failure === null ? Prisma.empty : Prisma.sql`, failure = ${toText(this.#failure)}`}
      WHERE number = ${this.number} AND event_count = ${this.#eventCount} AND ended_at_ms IS NULL
      RETURNING ${this.dialect.telling([...changes.readyFor, ...changes.artifactIds])} AS told`)
    if (updated.length !== 1) throw new RangeError('an artifact changed under its lock')
    return changes
  }
}

/** Every event of the contract's table leads to one state, wherever it starts. */
function jobStateAfter(move: JobMove): JobStatus {
  const states = new Set(jobStatesBefore(move).map((before) => jobTransitions[before][move]))
  const [state] = states
  if (states.size !== 1 || state === undefined || state === null) throw new RangeError(`${move} leads to no single state`)
  return state
}
