import type { CompleteOutcome, JobStore, LeaseRef } from '@flotta/runtime/ports'
import type { Session } from '../database.ts'
import type { Dialect } from '../dialect.ts'
import { Prisma } from '../generated/sqlite/client.ts'
import { toTextOrNull } from '../json.ts'
import type { ArtifactTransition } from './artifact-transition.ts'
import { arriveAt } from './barriers.ts'
import { beginWithJob, heldBy } from './held-job.ts'
import { storedStop } from './stored-stop.ts'

type Output = Parameters<JobStore['complete']>[1]

/** Takes effect once, however often it is sent. */
export async function completeJob(
  session: Session,
  dialect: Dialect,
  lease: LeaseRef,
  { digest, bytes, metrics, stop }: Output,
): Promise<CompleteOutcome> {
  const transition = await beginWithJob(session, dialect, lease)
  if (transition === undefined) return { kind: 'stale' }
  const [job] = await transition.moveJobs(
    'complete',
    heldBy(lease),
    Prisma.sql`, output_digest = ${digest}, output_bytes = ${bytes}, metrics = ${toTextOrNull(metrics)}, lease_until_ms = NULL`,
  )
  if (job === undefined) return { kind: await whyNot(session, lease, digest) }
  const feeds = stop ? await endRounds(transition, job.id) : job.feeds
  if (feeds !== null) await arriveAt(transition, feeds)
  if (transition.liveJobs === 0) transition.moveArtifact('complete')
  return { kind: 'completed', changes: await transition.save() }
}

/** Ends the rounds with this job: it takes the place of the last round's, whose jobs no longer run. Answers the barrier it now feeds. */
async function endRounds(transition: ArtifactTransition, id: string): Promise<number | null> {
  const { session } = transition
  const { until } = await session.job.findUniqueOrThrow({ where: { id }, select: { until: true } })
  const stop = storedStop(until)
  if (stop === undefined) throw new RangeError('this job ends no rounds')
  const { feeds, audienceIndex, released, skipFrom, skipTo } = stop
  await session.job.update({ where: { id }, data: { feeds, audienceIndex, released } })
  await transition.moveJobs('skip', Prisma.sql`ordinal BETWEEN ${skipFrom} AND ${skipTo}`, Prisma.empty)
  return feeds
}

async function whyNot(session: Session, lease: LeaseRef, digest: string): Promise<'duplicate' | 'conflict' | 'stale'> {
  const { jobId: id, componentId, epoch } = lease
  const before = await session.job.findFirst({ where: { id, componentId, epoch, status: 'COMPLETED' } })
  if (before === null) return 'stale'
  return before.outputDigest === digest ? 'duplicate' : 'conflict'
}
