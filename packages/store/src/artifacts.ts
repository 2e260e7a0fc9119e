import type {
  ArtifactEvent,
  ArtifactId,
  ArtifactStatus,
  ComponentId,
  ProjectId,
  ResourceId,
  StoredResource,
} from '@flotta/contract'
import type {
  ArtifactFailureRecord,
  ArtifactRecord,
  ArtifactStore,
  CancelOutcome,
  CreateOutcome,
  Leftovers,
  Looked,
  PlannedArtifact,
  SubmittedRequest,
} from '@flotta/runtime/ports'
import type { Database } from './database.ts'
import { readEvents } from './events.ts'
import { Prisma } from './generated/sqlite/client.ts'
import { type JobRow, jobColumns, jobRecordOf } from './job-record.ts'
import { fromTextOrNull } from './json.ts'
import { forgetLeftovers, readLeftovers } from './leftovers.ts'
import { cancelArtifact } from './transitions/cancel-artifact.ts'
import { createArtifact } from './transitions/create-artifact.ts'
import { passDeadlines } from './transitions/pass-deadlines.ts'

interface ArtifactJobRow extends JobRow {
  readonly project_id: string
  readonly submitter_id: string
  readonly label: string
  readonly artifact_status: string
  readonly created_at_ms: bigint
  readonly ended_at_ms: bigint | null
  readonly artifact_failure: string | null
  readonly released: boolean | number
  readonly output_digest: string | null
  readonly output_bytes: bigint | null
}

interface RequestRow {
  readonly id: string
  readonly project_id: string
  readonly request_digest: string
  readonly status: string
  readonly jobs: bigint | number
}

export class Artifacts implements ArtifactStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  create(planned: PlannedArtifact): Promise<CreateOutcome> {
    return this.#database.write((statements) => createArtifact(statements, this.#database.dialect, planned))
  }

  /** One statement, so that artifact and jobs are of the same moment. */
  async find(id: ArtifactId): Promise<ArtifactRecord | undefined> {
    const rows = await this.#database.read((statements) =>
      statements.rows<ArtifactJobRow>(Prisma.sql`
        SELECT a.project_id, a.submitter_id, a.label, a.status AS artifact_status, a.created_at_ms, a.ended_at_ms,
          a.failure AS artifact_failure, ${jobColumns}, j.released, j.output_digest, j.output_bytes
        FROM artifact a JOIN job j ON j.artifact_number = a.number JOIN component c ON c.id = j.component_id
        WHERE a.id = ${id} ORDER BY j.ordinal`),
    )
    return recordOf(id, rows)
  }

  async findRequest(submitterId: ComponentId, requestId: string): Promise<SubmittedRequest | undefined> {
    const [row] = await this.#database.read((statements) =>
      statements.rows<RequestRow>(Prisma.sql`
        SELECT id, project_id, request_digest, status,
          (SELECT COUNT(*) FROM job WHERE artifact_number = artifact.number) AS jobs
        FROM artifact WHERE submitter_id = ${submitterId} AND request_id = ${requestId}`),
    )
    return (
      row && {
        artifactId: row.id as ArtifactId,
        projectId: row.project_id as ProjectId,
        requestDigest: row.request_digest,
        status: row.status as ArtifactStatus,
        jobs: Number(row.jobs),
      }
    )
  }

  events(id: ArtifactId, after: number): Promise<ArtifactEvent[]> {
    return this.#database.read((statements) => readEvents(statements, id, after))
  }

  cancel(id: ArtifactId): Promise<CancelOutcome> {
    return this.#database.write((statements) => cancelArtifact(statements, this.#database.dialect, id))
  }

  passDeadlines(): Promise<Looked> {
    return passDeadlines(this.#database)
  }

  leftovers(limit: number): Promise<Leftovers[]> {
    return this.#database.read((statements) => readLeftovers(statements, limit))
  }

  removed(ids: readonly ArtifactId[]): Promise<void> {
    return this.#database.write((statements) => forgetLeftovers(statements, ids))
  }
}

function recordOf(id: ArtifactId, rows: readonly ArtifactJobRow[]): ArtifactRecord | undefined {
  const [first] = rows
  if (first === undefined) return undefined
  return {
    id,
    projectId: first.project_id as ProjectId,
    submitterId: first.submitter_id as ComponentId,
    label: first.label,
    status: first.artifact_status as ArtifactStatus,
    createdAtMs: Number(first.created_at_ms),
    endedAtMs: first.ended_at_ms === null ? null : Number(first.ended_at_ms),
    failure: fromTextOrNull<ArtifactFailureRecord>(first.artifact_failure),
    result: first.artifact_status === 'COMPLETED' ? resultOf(rows) : null,
    jobs: rows.map((row) => jobRecordOf(row, id)),
  }
}

function resultOf(rows: readonly ArtifactJobRow[]): StoredResource | null {
  const row = rows.find(({ released, output_digest }) => released && output_digest !== null)
  return row === undefined
    ? null
    : { id: row.output_id as ResourceId, bytes: Number(row.output_bytes), digest: String(row.output_digest) }
}
