import type { ArtifactId, ComponentId, JobFailure, JobId, JobOperation, JobStatus, Metrics, ResourceId } from '@flotta/contract'
import type { JobRecord } from '@flotta/runtime/ports'
import { Prisma } from './generated/sqlite/client.ts'
import { fromTextOrNull } from './json.ts'

/** A job with the name of its component, as `jobColumns` selects it. */
export interface JobRow {
  readonly id: string
  readonly ordinal: number
  readonly step_index: number
  readonly component_id: string
  readonly component_name: string
  readonly operation_kind: string
  readonly status: string
  readonly attempts: number
  readonly metrics: string | null
  readonly failure: string | null
  readonly failures: string | null
  readonly output_id: string
}

/** Columns of a job `j` and its component `c`. */
export const jobColumns = Prisma.sql`j.id, j.ordinal, j.step_index, j.component_id, c.name AS component_name, j.operation_kind,
  j.status, j.attempts, j.metrics, j.failure, j.failures, j.output_id`

export function jobRecordOf(row: JobRow, artifactId: ArtifactId): JobRecord {
  return {
    id: row.id as JobId,
    artifactId,
    ordinal: Number(row.ordinal),
    stepIndex: Number(row.step_index),
    component: { id: row.component_id as ComponentId, name: row.component_name },
    operation: row.operation_kind as JobOperation['kind'],
    status: row.status as JobStatus,
    attempts: Number(row.attempts),
    metrics: fromTextOrNull<Metrics>(row.metrics),
    failure: fromTextOrNull<JobFailure>(row.failure),
    failures: fromTextOrNull<JobFailure[]>(row.failures) ?? [],
    outputId: row.output_id as ResourceId,
  }
}
