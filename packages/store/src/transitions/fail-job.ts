import type { JobFailure } from '@flotta/contract'
import type { FailOutcome, LeaseRef } from '@flotta/runtime/ports'
import type { Dialect } from '../dialect.ts'
import { Prisma } from '../generated/sqlite/client.ts'
import { toText } from '../json.ts'
import type { Statements } from '../statements.ts'
import { ArtifactTransition, type MovedJob } from './artifact-transition.ts'
import { loseAt } from './barriers.ts'
import { heldBy } from './held-job.ts'

/** Ends an attempt: another one follows after the delay, or the job has failed for good. */
export async function failJob(
  statements: Statements,
  dialect: Dialect,
  lease: LeaseRef,
  failure: JobFailure,
  retryDelayMs: number | undefined,
): Promise<FailOutcome> {
  const artifact = Prisma.sql`(SELECT artifact_number FROM job WHERE id = ${lease.jobId} AND component_id = ${lease.componentId})`
  const transition = await ArtifactTransition.beginOf(statements, dialect, artifact)
  if (transition === undefined) return { kind: 'stale' }
  if (retryDelayMs !== undefined) {
    const released = await releaseJobs(transition, heldBy(lease), failure, retryDelayMs)
    if (released.length > 0) return { kind: 'released', changes: await transition.save() }
  }
  const failed = await failForGood(transition, heldBy(lease), failure)
  return failed ? { kind: 'failed', changes: await transition.save() } : { kind: 'stale' }
}

/** Takes jobs back that have attempts left; the event says why, the job itself has not failed. */
export function releaseJobs(
  transition: ArtifactTransition,
  where: Prisma.Sql,
  failure: JobFailure,
  delayMs: number,
): Promise<MovedJob[]> {
  return transition.moveJobs('release', {
    where: Prisma.sql`attempts < ${transition.maxAttempts} AND ${where}`,
    set: Prisma.sql`, lease_until_ms = NULL, ready_at_ms = ${transition.dialect.nowMs} + ${delayMs}, failures = ${oneMore(failure)}`,
    failure,
  })
}

/** Fails a job, and with it the artifact unless enough others can still complete the step. Answers whether there was such a job. */
export async function failForGood(transition: ArtifactTransition, where: Prisma.Sql, failure: JobFailure): Promise<boolean> {
  const [failed] = await transition.moveJobs('fail', {
    where,
    set: Prisma.sql`, lease_until_ms = NULL, failure = ${toText(failure)}, failures = ${oneMore(failure)}`,
    failure,
  })
  if (failed === undefined) return false
  await loseAt(transition, failed, failure)
  return true
}

/** The list of a job's failures with one more at its end. */
function oneMore(failure: JobFailure): Prisma.Sql {
  const text = Prisma.sql`CAST(${toText(failure)} AS TEXT)`
  return Prisma.sql`CASE WHEN failures IS NULL THEN '[' || ${text} || ']'
    ELSE substr(failures, 1, length(failures) - 1) || ',' || ${text} || ']' END`
}
