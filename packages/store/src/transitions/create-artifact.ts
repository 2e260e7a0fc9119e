import type { ArtifactId, ComponentId, JobOperation, JobStatus } from '@flotta/contract'
import type { CreateOutcome, PlannedArtifact, PlannedBarrier, PlannedJob } from '@flotta/runtime/ports'
import type { Dialect } from '../dialect.ts'
import { appendEvents, type NewEvent } from '../events.ts'
import { Prisma } from '../generated/sqlite/client.ts'
import { toText } from '../json.ts'
import type { Statements } from '../statements.ts'
import { allTakePart } from '../taking-part.ts'
import { startDeadlines } from './barriers.ts'
import { Distinct } from './distinct.ts'
import { stopText } from './stored-stop.ts'

/** SQLite takes 32,766 parameters a statement, PostgreSQL 65,535; a job has seventeen. */
const MAX_ROWS_WRITTEN_AT_ONCE = 500

/**
 * Writes an artifact with its jobs and barriers: rows in proportion to the jobs, whatever waits for what (E7). All who have a job of it
 * take part as yet: who leaves later finds the artifact, and ends it.
 */
export async function createArtifact(statements: Statements, dialect: Dialect, planned: PlannedArtifact): Promise<CreateOutcome> {
  const doers = planned.jobs.map(({ componentId }) => componentId)
  if (!(await allTakePart(statements, dialect, doers))) return (await whatCameBefore(statements, planned)) ?? { kind: 'outdated' }
  const ready = planned.jobs.filter((job) => initialStatus(job) === 'READY')
  const events: NewEvent[] = [
    { artifactStatus: 'SCHEDULED', job: null, failure: null },
    ...ready.map(
      (job): NewEvent => ({ artifactStatus: 'SCHEDULED', job: { id: job.id, status: 'READY', attempt: 0 }, failure: null }),
    ),
  ]
  const readyFor = [...new Set(ready.map(({ componentId }) => componentId))]
  const telling = dialect.telling([...readyFor, planned.id])
  const number = await insertArtifact(statements, dialect, planned, { eventCount: events.length, telling })
  if (number === undefined) return (await whatCameBefore(statements, planned)) ?? { kind: 'conflict' }
  await insertJobs(statements, dialect, number, planned)
  await insertTurns(statements, planned)
  if (planned.barriers.some(({ timeoutMs }) => timeoutMs !== undefined)) {
    await startDeadlines(
      { statements, dialect, number },
      ready.map(({ feeds }) => feeds),
    )
  }
  await appendEvents(statements, dialect, number, 0, events)
  return { kind: 'created', changes: { readyFor, artifactIds: [planned.id] } }
}

function initialStatus(job: PlannedJob): JobStatus {
  return job.waitsFor === undefined ? 'READY' : 'WAITING'
}

/** The number of the new artifact; `undefined` when its submitter used the `requestId` before. */
async function insertArtifact(
  statements: Statements,
  dialect: Dialect,
  planned: PlannedArtifact,
  { eventCount, telling }: { readonly eventCount: number; readonly telling: Prisma.Sql },
): Promise<number | undefined> {
  const { id, projectId, submitterId, requestId, requestDigest, artifact, maxAttempts, jobs } = planned
  const [row] = await statements.rows<{ number: number }>(Prisma.sql`
    INSERT INTO artifact (id, project_id, submitter_id, request_id, request_digest, label, plan, status, max_attempts,
      created_at_ms, event_count, live_jobs)
    VALUES (${id}, ${projectId}, ${submitterId}, ${requestId}, ${requestDigest}, ${artifact.label}, ${toText(artifact)}, 'SCHEDULED',
      ${maxAttempts}, ${dialect.nowMs}, ${eventCount}, ${jobs.length})
    ON CONFLICT (submitter_id, request_id) DO NOTHING RETURNING number, ${telling} AS told`)
  return row === undefined ? undefined : Number(row.number)
}

/** What the submitter's `requestId` made before. */
async function whatCameBefore(statements: Statements, planned: PlannedArtifact): Promise<CreateOutcome | undefined> {
  const { projectId, submitterId, requestId, requestDigest } = planned
  const [before] = await statements.rows<{ id: string; request_digest: string; project_id: string }>(Prisma.sql`
    SELECT id, request_digest, project_id FROM artifact WHERE submitter_id = ${submitterId} AND request_id = ${requestId}`)
  if (before === undefined) return undefined
  const same = before.request_digest === requestDigest && before.project_id === projectId
  return same ? { kind: 'exists', artifactId: before.id as ArtifactId } : { kind: 'conflict' }
}

async function insertJobs(
  statements: Statements,
  dialect: Dialect,
  artifactNumber: number,
  { projectId, jobs, barriers }: PlannedArtifact,
): Promise<void> {
  const audiences = new Distinct<readonly ComponentId[]>()
  const operations = new Distinct<JobOperation>()
  const { nowMs } = dialect
  const rows = jobs.map((job) => {
    const place = [job.id, artifactNumber, job.ordinal, job.stepIndex, job.componentId, projectId]
    const work = [job.operation.kind, operations.indexOf(job.operation), job.waitsFor ?? null, job.feeds ?? null]
    const reads = [job.uses.length === 0 ? null : toText(job.uses), stopText(job.until, audiences)]
    const product = [audiences.indexOf(job.recipientIds), job.released, initialStatus(job), job.outputId]
    const readyAtMs = initialStatus(job) === 'READY' ? nowMs : Prisma.sql`NULL`
    return Prisma.sql`(${Prisma.join([...place, ...work, ...reads, ...product])}, ${readyAtMs}, 0, 0)`
  })
  const texts = (distinct: Distinct<object>) =>
    distinct.texts().map(({ index, text }) => Prisma.sql`(${artifactNumber}, ${index}, ${text})`)
  await insert(statements, Prisma.sql`audience (artifact_number, "index", component_ids)`, texts(audiences))
  await insert(statements, Prisma.sql`operation (artifact_number, "index", operation)`, texts(operations))
  await insert(
    statements,
    Prisma.sql`barrier (artifact_number, "index", needed, spare, arrived, lost, timeout_ms)`,
    barrierRows(artifactNumber, barriers, jobs),
  )
  await insert(
    statements,
    Prisma.sql`job (id, artifact_number, ordinal, step_index, component_id, project_id, operation_kind, operation_index, waits_for,
      feeds, uses, until, audience_index, released, status, output_id, ready_at_ms, attempts, epoch)`,
    rows,
  )
}

async function insert(statements: Statements, into: Prisma.Sql, rows: readonly Prisma.Sql[]): Promise<void> {
  for (let start = 0; start < rows.length; start += MAX_ROWS_WRITTEN_AT_ONCE) {
    await statements.run(
      Prisma.sql`INSERT INTO ${into} VALUES ${Prisma.join(rows.slice(start, start + MAX_ROWS_WRITTEN_AT_ONCE))}`,
    )
  }
}

function barrierRows(artifactNumber: number, barriers: readonly PlannedBarrier[], jobs: readonly PlannedJob[]): Prisma.Sql[] {
  const feeders = new Map<number | undefined, number>()
  for (const { feeds } of jobs) feeders.set(feeds, (feeders.get(feeds) ?? 0) + 1)
  return barriers.map(({ index, needed, timeoutMs }) => {
    const spare = Math.max(0, (feeders.get(index) ?? 0) - needed)
    return Prisma.sql`(${artifactNumber}, ${index}, ${needed}, ${spare}, 0, 0, ${timeoutMs ?? null})`
  })
}

/** Components in one order, so that two who write the same rows never wait for each other. */
async function insertTurns(statements: Statements, { projectId, jobs }: PlannedArtifact): Promise<void> {
  const components = [...new Set(jobs.map(({ componentId }) => componentId))].sort()
  const rows = components.map((componentId) => Prisma.sql`(${componentId}, ${projectId})`)
  await statements.run(Prisma.sql`
    INSERT INTO turn (component_id, project_id) VALUES ${Prisma.join(rows)} ON CONFLICT DO NOTHING`)
}
