import { jobFailure } from '@flotta/contract'
import type { Looked } from '@flotta/runtime/ports'
import type { Database } from '../database.ts'
import type { Dialect } from '../dialect.ts'
import { Prisma } from '../generated/sqlite/client.ts'
import type { Statements } from '../statements.ts'
import type { ArtifactTransition } from './artifact-transition.ts'
import { eachArtifact, type OverdueArtifact } from './each-artifact.ts'
import { failForGood, releaseJobs } from './fail-job.ts'

/** Takes back every job whose component has stopped renewing its lease, so that a dead one holds nothing for ever (E1). */
export async function expireLeases(database: Database): Promise<Looked> {
  const overdue = await database.read((statements) => artifactsWithExpired(statements, database.dialect))
  return eachArtifact(database, overdue, expireWithin)
}

function expired(dialect: Dialect): Prisma.Sql {
  return Prisma.sql`status = 'RUNNING' AND lease_until_ms <= ${dialect.nowMs}`
}

async function artifactsWithExpired(statements: Statements, dialect: Dialect): Promise<OverdueArtifact[]> {
  return statements.rows<OverdueArtifact>(Prisma.sql`
    SELECT number, id FROM artifact WHERE number IN (SELECT artifact_number FROM job WHERE ${expired(dialect)}) ORDER BY number`)
}

async function expireWithin(transition: ArtifactTransition): Promise<void> {
  const { statements, dialect, number, maxAttempts } = transition
  const failure = jobFailure('lease_expired')
  const spent = await statements.rows<{ id: string }>(Prisma.sql`
    SELECT id FROM job WHERE artifact_number = ${number} AND ${expired(dialect)} AND attempts >= ${maxAttempts}
    ORDER BY ordinal`)
  for (const { id } of spent) {
    if (transition.ended) return
    await failForGood(transition, Prisma.sql`id = ${id}`, failure)
  }
  if (!transition.ended) await releaseJobs(transition, expired(dialect), failure, 0)
}
