import type { CompleteOutcome, JobStore, LeaseRef } from '@flotta/runtime/ports'
import { Batcher } from '../batcher.ts'
import type { Database } from '../database.ts'
import type { Dialect } from '../dialect.ts'
import { Prisma } from '../generated/sqlite/client.ts'
import { toTextOrNull } from '../json.ts'
import { listOf } from '../list-of.ts'
import type { Statements } from '../statements.ts'
import { ArtifactTransition, type MovedJob } from './artifact-transition.ts'
import { arriveAt } from './barriers.ts'
import { heldBy } from './held-job.ts'
import { storedStop } from './stored-stop.ts'

interface Completion {
  readonly lease: LeaseRef
  readonly output: Parameters<JobStore['complete']>[1]
}

/** Completes jobs, those of one artifact that come at the same time in one transition. Each takes effect once, however often it is sent. */
export class Completions {
  readonly #artifacts: Batcher<'jobs', LeaseRef, number | undefined>
  readonly #completions: Batcher<number, Completion, CompleteOutcome>

  constructor(database: Database) {
    this.#artifacts = new Batcher({
      answer: (leases) => database.read((statements) => artifactsOf(statements, leases)),
    })
    this.#completions = new Batcher({
      answer: (completions, artifactNumber) =>
        database.write((statements) => completeWithin(statements, database.dialect, artifactNumber, completions)),
    })
  }

  async complete(lease: LeaseRef, output: Completion['output']): Promise<CompleteOutcome> {
    const artifactNumber = await this.#artifacts.ask('jobs', lease)
    return artifactNumber === undefined ? { kind: 'stale' } : this.#completions.ask(artifactNumber, { lease, output })
  }
}

/** The number of the artifact that each job belongs to, where the component has such a job. */
async function artifactsOf(statements: Statements, leases: readonly LeaseRef[]): Promise<(number | undefined)[]> {
  const rows = await statements.rows<{ id: string; component_id: string; artifact_number: number }>(Prisma.sql`
    SELECT id, component_id, artifact_number FROM job WHERE id IN ${listOf(leases.map(({ jobId }) => jobId))}`)
  const byId = new Map(rows.map((row) => [row.id, row]))
  return leases.map(({ jobId, componentId }) => {
    const job = byId.get(jobId)
    return job?.component_id === componentId ? Number(job.artifact_number) : undefined
  })
}

async function completeWithin(
  statements: Statements,
  dialect: Dialect,
  artifactNumber: number,
  completions: readonly Completion[],
): Promise<CompleteOutcome[]> {
  const transition = await ArtifactTransition.begin(statements, dialect, artifactNumber)
  const firsts = new Map<string, Completion>()
  for (const one of completions) if (!firsts.has(leaseKey(one.lease))) firsts.set(leaseKey(one.lease), one)
  const moved = await move(transition, [...firsts.values()])
  await arrive(transition, moved, firsts)
  if (transition.liveJobs === 0) transition.moveArtifact('complete')
  const changes = await transition.save()
  const nothing = { readyFor: [], artifactIds: [] }
  const outcomes: CompleteOutcome[] = []
  for (const one of completions) {
    const { lease, output } = one
    const done = moved.has(leaseKey(lease)) && firsts.get(leaseKey(lease)) === one
    const first = !outcomes.some(({ kind }) => kind === 'completed')
    if (done) outcomes.push({ kind: 'completed', changes: first ? changes : nothing })
    else outcomes.push({ kind: await whyNot(statements, lease, output.digest) })
  }
  return outcomes
}

/** An old lease of a job and the present one are told apart: the one that comes first in a batch takes nothing from the other. */
function leaseKey({ jobId, epoch }: { readonly jobId: string; readonly epoch: number }): string {
  return `${jobId} ${epoch}`
}

/** Moves those that are still held, with what is said of them, and keeps the products that came along. */
async function move(transition: ArtifactTransition, completions: readonly Completion[]): Promise<Map<string, MovedJob>> {
  const jobs = await transition.moveJobs('complete', {
    given: completions.map(
      ({ lease: { jobId, componentId, epoch }, output: { digest, bytes, metrics } }) =>
        Prisma.sql`(${jobId}, ${componentId}, CAST(${epoch} AS INTEGER), ${digest}, CAST(${bytes} AS BIGINT), CAST(${toTextOrNull(metrics)} AS TEXT))`,
    ),
    where: Prisma.sql`id = given.column1 AND component_id = given.column2 AND epoch = given.column3`,
    set: Prisma.sql`, output_digest = given.column4, output_bytes = given.column5, metrics = given.column6, lease_until_ms = NULL`,
  })
  const moved = new Map(jobs.map((job) => [leaseKey({ jobId: job.id, epoch: job.epoch }), job]))
  const kept = completions.flatMap(({ lease, output: { content } }) => {
    const job = moved.get(leaseKey(lease))
    return job === undefined || content === null ? [] : [Prisma.sql`(${job.output_id}, ${Buffer.from(content)})`]
  })
  if (kept.length > 0)
    await transition.statements.run(Prisma.sql`INSERT INTO small_product (output_id, content) VALUES ${Prisma.join(kept)}`)
  return moved
}

/** Counts the jobs towards the barriers that they feed, or now feed where rounds end with one of them. */
async function arrive(
  transition: ArtifactTransition,
  moved: ReadonlyMap<string, MovedJob>,
  completions: ReadonlyMap<string, Completion>,
): Promise<void> {
  const arrivals = new Map<number, number>()
  for (const [lease, job] of moved) {
    const stops = completions.get(lease)?.output.stop ?? false
    const feeds = stops ? await endRounds(transition, job.id) : job.feeds
    if (feeds !== null) arrivals.set(Number(feeds), (arrivals.get(Number(feeds)) ?? 0) + 1)
  }
  for (const [barrier, jobs] of arrivals) await arriveAt(transition, barrier, jobs)
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
  await transition.moveJobs('skip', { where: Prisma.sql`ordinal BETWEEN ${skipFrom} AND ${skipTo}` })
  return feeds
}

async function whyNot(statements: Statements, lease: LeaseRef, digest: string): Promise<'duplicate' | 'conflict' | 'stale'> {
  const [before] = await statements.rows<{ output_digest: string }>(Prisma.sql`
    SELECT output_digest FROM job WHERE ${heldBy(lease)} AND status = 'COMPLETED'`)
  if (before === undefined) return 'stale'
  return before.output_digest === digest ? 'duplicate' : 'conflict'
}
