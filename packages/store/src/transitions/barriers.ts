import {
  barrierVerdict,
  isTerminalJob,
  type JobFailure,
  type JobStatus,
  jobFailure,
  jobStatesBefore,
  jobStatuses,
  verdictAtDeadline,
} from '@flotta/contract'
import { Prisma } from '../generated/sqlite/client.ts'
import type { Statements } from '../statements.ts'
import type { ArtifactTransition, MovedJob } from './artifact-transition.ts'
import type { OverdueArtifact } from './each-artifact.ts'
import { endArtifact } from './end-artifact.ts'

interface BarrierRow {
  readonly index: number
  readonly needed: number
  readonly spare: number
  readonly arrived: number
  readonly lost: number
  readonly timeout_ms: bigint | number | null
}

const columns = Prisma.sql`"index", needed, spare, arrived, lost, timeout_ms`

/** Counts completed jobs towards the barrier that they feed; the last job that is needed opens it. */
export async function arriveAt(transition: ArtifactTransition, index: number, jobs: number): Promise<void> {
  const barrier = await count(transition, index, Prisma.sql`arrived = arrived + ${jobs}`)
  if (verdictOf(barrier) === 'open') await open(transition, index)
}

/**
 * Counts a job that failed for good. While as many as are needed can still complete, the others go on without it; else the artifact
 * fails, with the job's own failure where everybody was needed.
 */
export async function loseAt(transition: ArtifactTransition, job: MovedJob, failure: JobFailure): Promise<void> {
  if (job.feeds === null) return endArtifact(transition, 'fail', { ...failure, jobId: job.id as never })
  const barrier = await count(transition, job.feeds, Prisma.sql`lost = lost + 1`)
  switch (verdictOf(barrier)) {
    case 'wait':
      return
    case 'open':
      return open(transition, job.feeds)
    case 'unreachable': {
      const reason = barrier.spare === 0 ? failure : await quorumNotMet(transition, barrier, job.step_index, GONE)
      return endArtifact(transition, 'fail', { ...reason, jobId: job.id as never })
    }
  }
}

/** Whoever has not arrived by now is not waited for any more; without enough of the others the artifact fails. */
export async function passDeadline(transition: ArtifactTransition, barrier: BarrierRow): Promise<void> {
  if (verdictAtDeadline(barrier) === 'open') return open(transition, Number(barrier.index))
  const [before, ...others] = await transition.statements.rows<{ id: string; step_index: number }>(Prisma.sql`
    SELECT id, step_index FROM job WHERE artifact_number = ${transition.number} AND feeds = ${barrier.index} LIMIT 2`)
  // A single one that was waited for is told by its name.
  const jobId = before && others.length === 0 ? (before.id as never) : null
  await endArtifact(transition, 'fail', {
    ...(await quorumNotMet(transition, barrier, Number(before?.step_index ?? 0), MISSING)),
    jobId,
  })
}

/** The first barrier of an artifact whose deadline has passed. */
export async function overdueBarrier({ statements, dialect, number }: ArtifactTransition): Promise<BarrierRow | undefined> {
  const [first] = await statements.rows<BarrierRow>(Prisma.sql`
    SELECT ${columns} FROM barrier WHERE artifact_number = ${number} AND deadline_ms <= ${dialect.nowMs} ORDER BY "index" LIMIT 1`)
  return first
}

/** From now on the deadlines run of the barriers that these jobs, which may begin now, count towards; those that run go on running. */
export async function startDeadlines(
  { statements, dialect, number }: Pick<ArtifactTransition, 'statements' | 'dialect' | 'number'>,
  feeds: readonly (number | null | undefined)[],
): Promise<void> {
  const indexes = distinct(feeds)
  if (indexes.length === 0) return
  await statements.run(Prisma.sql`
    UPDATE barrier SET deadline_ms = ${dialect.nowMs} + timeout_ms
    WHERE artifact_number = ${number} AND "index" IN (${Prisma.join(indexes)}) AND timeout_ms IS NOT NULL AND deadline_ms IS NULL`)
}

async function count(transition: ArtifactTransition, index: number, set: Prisma.Sql): Promise<BarrierRow> {
  const [barrier] = await transition.statements.rows<BarrierRow>(Prisma.sql`
    UPDATE barrier SET ${set} WHERE artifact_number = ${transition.number} AND "index" = ${index} RETURNING ${columns}`)
  if (barrier === undefined) throw new RangeError(`the artifact has no barrier ${index}`)
  return barrier
}

function verdictOf({ needed, spare, arrived, lost, timeout_ms }: BarrierRow): ReturnType<typeof barrierVerdict> {
  const [n, s, a, l] = [needed, spare, arrived, lost].map(Number) as [number, number, number, number]
  return barrierVerdict({ needed: n, spare: s, arrived: a, lost: l, patient: timeout_ms !== null })
}

/** Who waited is READY; who has not arrived by now is not needed any more. */
async function open(transition: ArtifactTransition, index: number): Promise<void> {
  const stragglers = await transition.moveJobs('skip', { where: Prisma.sql`feeds = ${index}`, set: untouched })
  await skipWhatOnlyTheyTake(transition, stragglers)
  const opened = await transition.moveJobs('open', {
    where: Prisma.sql`waits_for = ${index}`,
    set: Prisma.sql`, ready_at_ms = ${transition.dialect.nowMs}`,
  })
  await forgetDeadlines(transition, [index])
  await startDeadlines(
    transition,
    opened.map(({ feeds }) => feeds),
  )
}

/** Nobody works at it, and nobody may begin. */
const untouched = Prisma.sql`, lease_until_ms = NULL, ready_at_ms = NULL`

/**
 * What only skipped jobs would take is not needed either: the jobs before them, where each worker goes on by itself, and those before these. Else
 * the artifact would wait for a worker without whom its result is made, or fail with him. What is used beside inputs is made by the node, once,
 * for everybody, so it never stands before stragglers alone.
 */
async function skipWhatOnlyTheyTake(transition: ArtifactTransition, stragglers: readonly MovedJob[]): Promise<void> {
  const live = Prisma.join(jobStatesBefore('skip'))
  let skipped = stragglers
  for (;;) {
    const behind = distinct(skipped.map(({ waits_for }) => waits_for))
    if (behind.length === 0) return
    skipped = await transition.moveJobs('skip', {
      where: Prisma.sql`feeds IN (${Prisma.join(behind)}) AND NOT EXISTS (SELECT 1 FROM job taker
        WHERE taker.artifact_number = ${transition.number} AND taker.waits_for = job.feeds AND taker.status IN (${live}))`,
      set: untouched,
    })
    await forgetDeadlines(transition, distinct(skipped.map(({ feeds }) => feeds)))
  }
}

async function forgetDeadlines({ statements, number }: ArtifactTransition, indexes: readonly number[]): Promise<void> {
  if (indexes.length === 0) return
  await statements.run(Prisma.sql`
    UPDATE barrier SET deadline_ms = NULL
    WHERE artifact_number = ${number} AND "index" IN (${Prisma.join([...indexes])}) AND deadline_ms IS NOT NULL`)
}

function distinct(indexes: readonly (number | null | undefined)[]): number[] {
  return [...new Set(indexes)].filter((index) => index !== null && index !== undefined)
}

/** Who has not completed by a deadline. */
const MISSING = jobStatuses.filter((status) => status !== 'COMPLETED')
/** Who never will complete. */
const GONE = MISSING.filter(isTerminalJob)
/** More than a few names help nobody; all of them are with the jobs. */
const MAX_NAMES = 5

/** @param without the states of those that are told by their names: so whoever asked knows whom to call */
async function quorumNotMet(
  transition: ArtifactTransition,
  { index, needed, spare, arrived, timeout_ms }: BarrierRow,
  stepIndex: number,
  without: readonly JobStatus[],
): Promise<JobFailure> {
  const within = timeout_ms === null ? '' : ` within ${Number(timeout_ms) / 1000} s`
  const workers = Number(needed) + Number(spare)
  const figures = `Step ${stepIndex} needs ${needed} of its ${workers} workers${within}; ${arrived} completed.`
  return jobFailure('quorum_not_met', `${figures} Missing: ${await namesBefore(transition, Number(index), without)}.`)
}

/** The components whose jobs before a barrier are in some states, in the order of the plan. */
async function namesBefore(
  { statements, number }: ArtifactTransition,
  index: number,
  statuses: readonly JobStatus[],
): Promise<string> {
  const rows = await statements.rows<{ name: string }>(Prisma.sql`
    SELECT c.name FROM job j JOIN component c ON c.id = j.component_id
    WHERE j.artifact_number = ${number} AND j.feeds = ${index} AND j.status IN (${Prisma.join([...statuses])}) ORDER BY j.ordinal`)
  const names = rows.slice(0, MAX_NAMES).map(({ name }) => name)
  return rows.length > MAX_NAMES ? `${names.join(', ')} and ${rows.length - MAX_NAMES} more` : names.join(', ')
}

/** The artifacts that have a barrier whose deadline has passed. */
export function artifactsOverdue(statements: Statements, nowMs: Prisma.Sql): Promise<OverdueArtifact[]> {
  return statements.rows<OverdueArtifact>(Prisma.sql`
    SELECT number, id FROM artifact WHERE number IN (SELECT artifact_number FROM barrier WHERE deadline_ms <= ${nowMs}) ORDER BY number`)
}
