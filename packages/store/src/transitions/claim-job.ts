import {
  type ComponentId,
  type JobId,
  type JobOperation,
  jobStatesBefore,
  type ProjectId,
  type ResourceId,
} from '@flotta/contract'
import type { Changes, ClaimedJob, ComponentRecord, ProducedResource } from '@flotta/runtime/ports'
import { bytesOf } from '../bytes.ts'
import { type ComponentRow, componentOf } from '../components.ts'
import type { Database } from '../database.ts'
import type { Dialect } from '../dialect.ts'
import { Prisma } from '../generated/sqlite/client.ts'
import { fromText } from '../json.ts'
import type { Statements } from '../statements.ts'
import { ArtifactTransition, type MovedJob } from './artifact-transition.ts'
import { type StoredStop, storedStop } from './stored-stop.ts'

/** Contents are read with a job so many at once, and no more once they have so many bytes together. */
const CONTENTS_AT_ONCE = 200
const ENOUGH_BYTES = 512 * 1024

export interface Claim {
  readonly job: ClaimedJob
  readonly changes: Changes
}

/**
 * Hands out the job whose turn it is.
 *
 * The look for it locks nothing, so that the many who ask in vain cost one read. Its artifact is then locked and the job taken, if
 * it is still there: when somebody else was faster, the look starts again, and each further round means that one job was claimed.
 */
export async function claimJob(database: Database, componentId: ComponentId, leaseMs: number): Promise<Claim | undefined> {
  for (;;) {
    const next = await database.read((statements) => nextJob(statements, database.dialect, componentId))
    if (next === undefined) return undefined
    const claim = await database.write((statements) => claimWithin(statements, database.dialect, next, leaseMs))
    if (claim !== undefined) return claim
  }
}

interface NextJob {
  readonly id: string
  readonly artifact_number: number
  /** Projects that the component has jobs of. */
  readonly projects: number
}

/** Projects take turns; within a project the job comes first that has been READY for longest. */
async function nextJob(statements: Statements, { nowMs }: Dialect, componentId: ComponentId): Promise<NextJob | undefined> {
  const [status] = jobStatesBefore('claim')
  const [row] = await statements.rows<NextJob>(Prisma.sql`
    SELECT j.id, j.artifact_number, (SELECT count(*) FROM turn WHERE component_id = ${componentId}) AS projects FROM job j JOIN (
      SELECT served, (
        SELECT id FROM job WHERE component_id = t.component_id AND project_id = t.project_id AND status = ${status}
          AND ready_at_ms <= ${nowMs}
        ORDER BY ready_at_ms, artifact_number, ordinal LIMIT 1) AS job_id
      FROM turn t WHERE t.component_id = ${componentId}) due ON due.job_id = j.id
    ORDER BY due.served, j.artifact_number LIMIT 1`)
  return row
}

async function claimWithin(
  statements: Statements,
  dialect: Dialect,
  { id, artifact_number, projects }: NextJob,
  leaseMs: number,
): Promise<Claim | undefined> {
  const transition = await ArtifactTransition.begin(statements, dialect, Number(artifact_number))
  transition.moveArtifact('start')
  const [job] = await transition.moveJobs(
    'claim',
    Prisma.sql`id = ${id} AND ready_at_ms <= ${dialect.nowMs}`,
    Prisma.sql`, epoch = epoch + 1, attempts = attempts + 1, ready_at_ms = NULL, lease_until_ms = ${dialect.nowMs} + ${leaseMs}`,
  )
  if (job === undefined) return undefined
  const changes = await transition.save()
  const described = await describe(transition, job.id)
  if (Number(projects) > 1) await takeTurn(statements, job)
  return { changes, job: described }
}

/** Puts the project behind all others of the component; one that is alone is always next. */
async function takeTurn(statements: Statements, { component_id, project_id }: MovedJob): Promise<void> {
  await statements.run(Prisma.sql`
    UPDATE turn SET served = (SELECT max(served) + 1 FROM turn WHERE component_id = ${component_id})
    WHERE component_id = ${component_id} AND project_id = ${project_id}`)
}

interface ClaimedRow {
  readonly project_id: string
  readonly step_index: number
  readonly component_id: string
  readonly operation: string
  readonly epoch: number
  readonly output_id: string
  readonly waits_for: number | null
  readonly uses: string | null
  readonly until: string | null
  readonly component_ids: string
}

/** Everything that is needed to run a job. */
async function describe({ statements, number, id: artifactId }: ArtifactTransition, id: string): Promise<ClaimedJob> {
  const [row] = await statements.rows<ClaimedRow>(Prisma.sql`
    SELECT a.project_id, j.step_index, j.component_id, o.operation, j.epoch, j.output_id, j.waits_for, j.uses, j.until, u.component_ids
    FROM job j
      JOIN artifact a ON a.number = j.artifact_number
      JOIN operation o ON o.artifact_number = j.artifact_number AND o."index" = j.operation_index
      JOIN audience u ON u.artifact_number = j.artifact_number AND u."index" = j.audience_index
    WHERE j.id = ${id}`)
  if (row === undefined) throw new RangeError('a claimed job has no operation or no audience')
  const inputs = row.waits_for === null ? [] : await inputsOf(statements, number, row.waits_for)
  const used = row.uses === null ? [] : await productsOf(statements, fromText<ResourceId[]>(row.uses))
  const until = await untilOf(statements, number, storedStop(row.until))
  return {
    id: id as JobId,
    artifactId,
    projectId: row.project_id as ProjectId,
    stepIndex: Number(row.step_index),
    componentId: row.component_id as ComponentId,
    operation: fromText<JobOperation>(row.operation),
    epoch: Number(row.epoch),
    outputId: row.output_id as ResourceId,
    recipients: await recipientsOf(statements, fromText<ComponentId[]>(row.component_ids)),
    inputs,
    used,
    contents: await contentsOf(statements, [...inputs, ...used, ...(until ? [until.previous] : [])]),
    until,
  }
}

async function untilOf(
  statements: Statements,
  artifactNumber: number,
  stop: StoredStop | undefined,
): Promise<ClaimedJob['until']> {
  if (stop === undefined) return undefined
  const [audience] = await statements.rows<{ component_ids: string }>(Prisma.sql`
    SELECT component_ids FROM audience WHERE artifact_number = ${artifactNumber} AND "index" = ${stop.audienceIndex}`)
  const recipients = await recipientsOf(statements, fromText<ComponentId[]>(audience?.component_ids ?? '[]'))
  const [previous] = await productsOf(statements, [stop.previous])
  if (previous === undefined) throw new RangeError('the round before has no product')
  return { criterion: stop.criterion, previous, recipients }
}

async function recipientsOf(statements: Statements, ids: readonly ComponentId[]): Promise<ComponentRecord[]> {
  if (ids.length === 0) return []
  const rows = await statements.rows<ComponentRow>(Prisma.sql`
    SELECT id, kind, name, key, url, state, home_id AS "homeId" FROM component WHERE id IN (${Prisma.join([...ids])})`)
  const byId = new Map(rows.map((row) => [row.id, componentOf(row)]))
  return ids.map((id) => {
    const recipient = byId.get(id)
    if (recipient === undefined) throw new RangeError(`the recipient ${id} is not registered`)
    return recipient
  })
}

async function inputsOf(statements: Statements, artifactNumber: number, barrier: number): Promise<ClaimedJob['inputs']> {
  const rows = await statements.rows<ProducedRow>(Prisma.sql`
    SELECT output_id, component_id, output_digest FROM job
    WHERE artifact_number = ${artifactNumber} AND feeds = ${barrier} AND status = 'COMPLETED' ORDER BY ordinal`)
  return rows.map(producedOf)
}

/** Products by id, in the order asked for. */
async function productsOf(statements: Statements, ids: readonly ResourceId[]): Promise<ProducedResource[]> {
  const rows = await statements.rows<ProducedRow>(Prisma.sql`
    SELECT output_id, component_id, output_digest FROM job WHERE output_id IN (${Prisma.join([...ids])}) AND status = 'COMPLETED'`)
  const byId = new Map(rows.map((row) => [row.output_id, producedOf(row)]))
  return ids.map((id) => {
    const product = byId.get(id)
    if (product === undefined) throw new RangeError(`the product ${id} that a job uses is not there`)
    return product
  })
}

async function contentsOf(statements: Statements, products: readonly ProducedResource[]): Promise<ClaimedJob['contents']> {
  const contents = new Map<ResourceId, Uint8Array>()
  let bytes = 0
  for (let start = 0; start < products.length && bytes < ENOUGH_BYTES; start += CONTENTS_AT_ONCE) {
    const ids = products.slice(start, start + CONTENTS_AT_ONCE).map(({ resourceId }) => resourceId)
    const rows = await statements.rows<{ output_id: ResourceId; content: ArrayBuffer | Uint8Array }>(Prisma.sql`
      SELECT output_id, content FROM small_product WHERE output_id IN (${Prisma.join(ids)})`)
    for (const { output_id, content } of rows) {
      contents.set(output_id, bytesOf(content))
      bytes += content.byteLength
    }
  }
  return contents
}

interface ProducedRow {
  readonly output_id: string
  readonly component_id: string
  readonly output_digest: string
}

function producedOf(row: ProducedRow): ProducedResource {
  return { resourceId: row.output_id as ResourceId, producer: row.component_id as ComponentId, digest: row.output_digest }
}
