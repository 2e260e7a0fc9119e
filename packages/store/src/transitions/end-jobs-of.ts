import { type JobFailure, jobStatesBefore } from '@flotta/contract'
import type { Changes } from '@flotta/runtime/ports'
import type { Dialect } from '../dialect.ts'
import { Prisma } from '../generated/sqlite/client.ts'
import type { Statements } from '../statements.ts'
import { ArtifactTransition } from './artifact-transition.ts'
import { loseAt } from './barriers.ts'
import { failForGood } from './fail-job.ts'
import { joined } from './joined-changes.ts'

/**
 * Ends what some components still have to do, which nobody else can do: an artifact goes on without them where enough others are
 * left, and else fails.
 */
export async function endJobsOf(
  statements: Statements,
  dialect: Dialect,
  componentIds: readonly string[],
  failure: JobFailure,
): Promise<Changes> {
  const theirs = Prisma.sql`component_id IN (${Prisma.join([...componentIds])}) AND status IN (${Prisma.join(jobStatesBefore('cancel'))})`
  const rows = await statements.rows<{ id: string; artifact_number: number }>(Prisma.sql`
    SELECT id, artifact_number FROM job WHERE ${theirs} ORDER BY artifact_number, ordinal`)
  const byArtifact = groupByArtifact(rows)
  const all: Changes[] = []
  for (const [number, jobs] of byArtifact) {
    const transition = await ArtifactTransition.begin(statements, dialect, number)
    for (const { id } of jobs) await lose(transition, id, failure)
    all.push(await transition.save())
  }
  return joined(all)
}

async function lose(transition: ArtifactTransition, id: string, failure: JobFailure): Promise<void> {
  const where = Prisma.sql`id = ${id}`
  if (transition.ended || (await failForGood(transition, where, failure))) return
  const [job] = await transition.moveJobs('cancel', { where, set: Prisma.sql`, lease_until_ms = NULL, ready_at_ms = NULL` })
  if (job !== undefined) await loseAt(transition, job, failure)
}

function groupByArtifact<Row extends { readonly artifact_number: number }>(rows: readonly Row[]): Map<number, Row[]> {
  const groups = new Map<number, Row[]>()
  for (const row of rows) groups.set(Number(row.artifact_number), [...(groups.get(Number(row.artifact_number)) ?? []), row])
  return groups
}
