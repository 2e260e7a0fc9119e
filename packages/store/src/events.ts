import type { ArtifactEvent, ArtifactId, ArtifactStatus, ComponentId, JobFailure, JobId, JobStatus } from '@flotta/contract'
import type { Dialect } from './dialect.ts'
import { Prisma } from './generated/sqlite/client.ts'
import { fromTextOrNull, toTextOrNull } from './json.ts'
import type { Statements } from './statements.ts'

const MAX_EVENTS_READ = 1000
/** SQLite takes 32,766 parameters a statement, PostgreSQL 65,535; an event has eight. */
const MAX_EVENTS_WRITTEN_AT_ONCE = 1000

/** An event before it has its sequence and its time. */
export interface NewEvent {
  readonly artifactStatus: ArtifactStatus
  readonly job: { readonly id: string; readonly status: JobStatus; readonly attempt: number } | null
  readonly failure: JobFailure | null
}

/** Appends events after the sequence `last`; who calls holds the lock of the artifact. */
export async function appendEvents(
  statements: Statements,
  dialect: Dialect,
  artifactNumber: number,
  last: number,
  events: readonly NewEvent[],
): Promise<void> {
  const { nowMs } = dialect
  for (let start = 0; start < events.length; start += MAX_EVENTS_WRITTEN_AT_ONCE) {
    const rows = events.slice(start, start + MAX_EVENTS_WRITTEN_AT_ONCE).map(({ artifactStatus, job, failure }, i) => {
      const values = [artifactStatus, job?.id ?? null, job?.status ?? null, job?.attempt ?? null, toTextOrNull(failure)]
      return Prisma.sql`(${artifactNumber}, ${last + start + i + 1}, ${nowMs}, ${Prisma.join(values)})`
    })
    await statements.run(Prisma.sql`
      INSERT INTO event (artifact_number, sequence, at_ms, artifact_status, job_id, job_status, attempt, failure) VALUES ${Prisma.join(rows)}`)
  }
}

interface EventRow {
  readonly sequence: number
  readonly at_ms: bigint
  readonly artifact_status: string
  readonly job_id: string | null
  readonly job_status: string | null
  readonly attempt: number | null
  readonly failure: string | null
  readonly step_index: number | null
  readonly operation_kind: string | null
  readonly component_id: string | null
  readonly component_name: string | null
}

/** Events with a greater sequence than `after`, in order. */
export async function readEvents(statements: Statements, id: ArtifactId, after: number): Promise<ArtifactEvent[]> {
  const rows = await statements.rows<EventRow>(Prisma.sql`
    SELECT e.sequence, e.at_ms, e.artifact_status, e.job_id, e.job_status, e.attempt, e.failure,
      j.step_index, j.operation_kind, c.id AS component_id, c.name AS component_name
    FROM artifact a
      JOIN event e ON e.artifact_number = a.number
      LEFT JOIN job j ON j.id = e.job_id
      LEFT JOIN component c ON c.id = j.component_id
    WHERE a.id = ${id} AND e.sequence > ${after}
    ORDER BY e.sequence LIMIT ${MAX_EVENTS_READ}`)
  return rows.map(eventOf)
}

function eventOf(row: EventRow): ArtifactEvent {
  return {
    sequence: Number(row.sequence),
    atMs: Number(row.at_ms),
    artifactStatus: row.artifact_status as ArtifactStatus,
    job:
      row.job_id === null
        ? null
        : {
            id: row.job_id as JobId,
            stepIndex: Number(row.step_index),
            operation: row.operation_kind ?? '',
            component: { id: row.component_id as ComponentId, name: row.component_name ?? '' },
            status: row.job_status as JobStatus,
            attempt: Number(row.attempt ?? 0),
          },
    failure: fromTextOrNull<JobFailure>(row.failure),
  }
}
