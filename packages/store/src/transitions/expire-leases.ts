import { jobFailure } from '@flotta/contract'
import type { Looked } from '@flotta/runtime/ports'
import type { Database } from '../database.ts'
import { Prisma } from '../generated/sqlite/client.ts'
import type { Statements } from '../statements.ts'
import type { ArtifactTransition } from './artifact-transition.ts'
import { eachArtifact, type OverdueArtifact } from './each-artifact.ts'
import { failForGood, releaseJobs } from './fail-job.ts'

/** Takes back every job whose component has stopped renewing its lease, so that a dead one holds nothing for ever (E1). */
export async function expireLeases(database: Database, asOfMs: number | undefined): Promise<Looked> {
  const expired = expiredBy(asOfMs === undefined ? database.dialect.nowMs : Prisma.sql`CAST(${BigInt(asOfMs)} AS BIGINT)`)
  const overdue = await database.read((statements) => artifactsWith(statements, expired))
  return eachArtifact(database, overdue, (transition) => expireWithin(transition, expired))
}

function expiredBy(ms: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`status = 'RUNNING' AND lease_until_ms <= ${ms}`
}

async function artifactsWith(statements: Statements, expired: Prisma.Sql): Promise<OverdueArtifact[]> {
  return statements.rows<OverdueArtifact>(Prisma.sql`
    SELECT number, id FROM artifact WHERE number IN (SELECT artifact_number FROM job WHERE ${expired}) ORDER BY number`)
}

/** A component may renew between one statement and the next: each asks itself whether the lease has run out. */
async function expireWithin(transition: ArtifactTransition, expired: Prisma.Sql): Promise<void> {
  const { statements, number, maxAttempts } = transition
  const failure = jobFailure('lease_expired')
  const spent = await statements.rows<{ id: string }>(Prisma.sql`
    SELECT id FROM job WHERE artifact_number = ${number} AND ${expired} AND attempts >= ${maxAttempts}
    ORDER BY ordinal`)
  for (const { id } of spent) {
    if (transition.ended) return
    await failForGood(transition, Prisma.sql`id = ${id} AND ${expired}`, failure)
  }
  if (!transition.ended) await releaseJobs(transition, expired, failure, 0)
}
