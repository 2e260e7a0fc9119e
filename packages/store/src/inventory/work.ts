import type {
  ArtifactId,
  ArtifactStatus,
  ComponentId,
  JobFailure,
  JobId,
  JobStatus,
  ProjectId,
  ResourceId,
} from '@flotta/contract'
import type { ArtifactSummary, InventoryFilters, JobSummary, Listed, Page, ResourceSummary } from '@flotta/runtime/ports'
import type { Session } from '../database.ts'
import { Prisma } from '../generated/sqlite/client.ts'
import { fromTextOrNull } from '../json.ts'
import { equals, listed, parsePlace, where } from './page.ts'

interface ArtifactRow {
  readonly number: number | bigint
  readonly id: string
  readonly project_id: string
  readonly submitter_id: string
  readonly submitter_name: string
  readonly label: string
  readonly status: string
  readonly created_at_ms: bigint
  readonly ended_at_ms: bigint | null
  readonly jobs: bigint | number
  readonly live_jobs: number
}

export async function listArtifacts(
  session: Session,
  { projectId, status }: InventoryFilters['artifacts'],
  page: Page,
): Promise<Listed<ArtifactSummary>> {
  const place = parsePlace(page.after)
  const conditions = [
    equals(Prisma.sql`a.project_id`, projectId),
    equals(Prisma.sql`a.status`, status),
    place && Prisma.sql`a.number < ${place.number}`,
  ]
  const rows = await session.$queryRaw<ArtifactRow[]>(Prisma.sql`
    SELECT a.number, a.id, a.project_id, a.submitter_id, c.name AS submitter_name, a.label, a.status, a.created_at_ms,
      a.ended_at_ms, (SELECT COUNT(*) FROM job j WHERE j.artifact_number = a.number) AS jobs, a.live_jobs
    FROM artifact a JOIN component c ON c.id = a.submitter_id ${where(conditions)}
    ORDER BY a.number DESC LIMIT ${page.limit + 1}`)
  const item = (row: ArtifactRow) => ({
    id: row.id as ArtifactId,
    projectId: row.project_id as ProjectId,
    submitter: { id: row.submitter_id as ComponentId, name: row.submitter_name },
    label: row.label,
    status: row.status as ArtifactStatus,
    createdAtMs: Number(row.created_at_ms),
    endedAtMs: row.ended_at_ms === null ? null : Number(row.ended_at_ms),
    jobs: Number(row.jobs),
    liveJobs: Number(row.live_jobs),
  })
  return listed(rows, page, item, (row) => `${row.number}.0`)
}

interface JobRow {
  readonly artifact_number: number | bigint
  readonly ordinal: number | bigint
  readonly id: string
  readonly artifact_id: string
  readonly step_index: number
  readonly operation_kind: string
  readonly component_id: string
  readonly component_name: string
  readonly status: string
  readonly attempts: number
  readonly failure: string | null
  readonly released: boolean | number
  readonly output_id: string
  readonly output_digest: string | null
  readonly output_bytes: bigint | null
}

/** Jobs with their artifact and component, the newest artifact first. */
function selectJobs(session: Session, conditions: readonly (Prisma.Sql | undefined)[], page: Page): Promise<JobRow[]> {
  const place = parsePlace(page.after)
  const behind =
    place &&
    Prisma.sql`(j.artifact_number < ${place.number} OR (j.artifact_number = ${place.number} AND j.ordinal > ${place.ordinal}))`
  return session.$queryRaw<JobRow[]>(Prisma.sql`
    SELECT j.artifact_number, j.ordinal, j.id, a.id AS artifact_id, j.step_index, j.operation_kind, j.component_id,
      c.name AS component_name, j.status, j.attempts, j.failure, j.released, j.output_id, j.output_digest, j.output_bytes
    FROM job j JOIN artifact a ON a.number = j.artifact_number JOIN component c ON c.id = j.component_id
    ${where([...conditions, behind])}
    ORDER BY j.artifact_number DESC, j.ordinal LIMIT ${page.limit + 1}`)
}

function placeOf(row: JobRow): string {
  return `${row.artifact_number}.${row.ordinal}`
}

export async function listJobs(
  session: Session,
  { id, artifactId, status }: InventoryFilters['jobs'],
  page: Page,
): Promise<Listed<JobSummary>> {
  const conditions = [equals(Prisma.sql`j.id`, id), equals(Prisma.sql`a.id`, artifactId), equals(Prisma.sql`j.status`, status)]
  const rows = await selectJobs(session, conditions, page)
  const item = (row: JobRow) => ({
    id: row.id as JobId,
    artifactId: row.artifact_id as ArtifactId,
    stepIndex: Number(row.step_index),
    operation: row.operation_kind,
    component: { id: row.component_id as ComponentId, name: row.component_name },
    status: row.status as JobStatus,
    attempts: Number(row.attempts),
    failure: fromTextOrNull<JobFailure>(row.failure),
  })
  return listed(rows, page, item, placeOf)
}

export async function listResources(
  session: Session,
  { id, artifactId }: InventoryFilters['resources'],
  page: Page,
): Promise<Listed<ResourceSummary>> {
  const conditions = [
    equals(Prisma.sql`j.output_id`, id),
    equals(Prisma.sql`a.id`, artifactId),
    Prisma.sql`j.output_digest IS NOT NULL`,
  ]
  const rows = await selectJobs(session, conditions, page)
  const item = (row: JobRow) => ({
    id: row.output_id as ResourceId,
    artifactId: row.artifact_id as ArtifactId,
    producer: { id: row.component_id as ComponentId, name: row.component_name },
    bytes: Number(row.output_bytes),
    digest: String(row.output_digest),
    released: Boolean(row.released),
  })
  return listed(rows, page, item, placeOf)
}
