import type { CompleteOutcome, JobStore, LeaseRef } from '@flotta/runtime/ports'
import type { Dialect } from '../dialect.ts'
import { Prisma } from '../generated/sqlite/client.ts'
import { toTextOrNull } from '../json.ts'
import type { Statements } from '../statements.ts'
import type { ArtifactTransition } from './artifact-transition.ts'
import { arriveAt } from './barriers.ts'
import { beginWithJob, heldBy } from './held-job.ts'
import { storedStop } from './stored-stop.ts'

type Output = Parameters<JobStore['complete']>[1]

/** Takes effect once, however often it is sent. */
export async function completeJob(
  statements: Statements,
  dialect: Dialect,
  lease: LeaseRef,
  { digest, bytes, content, metrics, stop }: Output,
): Promise<CompleteOutcome> {
  const transition = await beginWithJob(statements, dialect, lease)
  if (transition === undefined) return { kind: 'stale' }
  const [job] = await transition.moveJobs(
    'complete',
    heldBy(lease),
    Prisma.sql`, output_digest = ${digest}, output_bytes = ${bytes}, metrics = ${toTextOrNull(metrics)}, lease_until_ms = NULL`,
  )
  if (job === undefined) return { kind: await whyNot(statements, lease, digest) }
  if (content !== null) await keepContent(statements, job.id, content)
  const feeds = stop ? await endRounds(transition, job.id) : job.feeds
  if (feeds !== null) await arriveAt(transition, feeds)
  if (transition.liveJobs === 0) transition.moveArtifact('complete')
  return { kind: 'completed', changes: await transition.save() }
}

async function keepContent(statements: Statements, id: string, content: Uint8Array): Promise<void> {
  await statements.run(Prisma.sql`
    INSERT INTO small_product (output_id, content) SELECT output_id, ${Buffer.from(content)} FROM job WHERE id = ${id}`)
}

/** Ends the rounds with this job: it takes the place of the last round's, whose jobs no longer run. Answers the barrier it now feeds. */
async function endRounds(transition: ArtifactTransition, id: string): Promise<number | null> {
  const { statements } = transition
  const [job] = await statements.rows<{ until: string | null }>(Prisma.sql`SELECT until FROM job WHERE id = ${id}`)
  const stop = storedStop(job?.until ?? null)
  if (stop === undefined) throw new RangeError('this job ends no rounds')
  const { feeds, audienceIndex, released, skipFrom, skipTo } = stop
  await statements.run(Prisma.sql`
    UPDATE job SET feeds = ${feeds}, audience_index = ${audienceIndex}, released = ${released} WHERE id = ${id}`)
  await transition.moveJobs('skip', Prisma.sql`ordinal BETWEEN ${skipFrom} AND ${skipTo}`, Prisma.empty)
  return feeds
}

async function whyNot(statements: Statements, lease: LeaseRef, digest: string): Promise<'duplicate' | 'conflict' | 'stale'> {
  const [before] = await statements.rows<{ output_digest: string }>(Prisma.sql`
    SELECT output_digest FROM job WHERE ${heldBy(lease)} AND status = 'COMPLETED'`)
  if (before === undefined) return 'stale'
  return before.output_digest === digest ? 'duplicate' : 'conflict'
}
