import {
  type ArtifactId,
  type ComponentId,
  type JobFailure,
  type JobId,
  type JobStatus,
  jobStatesBefore,
  type ResourceId,
} from '@flotta/contract'
import type { CompleteOutcome, FailOutcome, JobRecord, JobStore, LeaseRef, Looked, ResourceRecord } from '@flotta/runtime/ports'
import { bytesOf } from './bytes.ts'
import type { Database } from './database.ts'
import { Prisma } from './generated/sqlite/client.ts'
import { type JobRow, jobColumns, jobRecordOf } from './job-record.ts'
import { fromText } from './json.ts'
import { type Claim, Claims } from './transitions/claim-jobs.ts'
import { Completions } from './transitions/complete-jobs.ts'
import { expireLeases } from './transitions/expire-leases.ts'
import { failJob } from './transitions/fail-job.ts'
import { heldBy } from './transitions/held-job.ts'

export class Jobs implements JobStore {
  readonly #database: Database
  readonly #claims: Claims
  readonly #completions: Completions

  constructor(database: Database) {
    this.#database = database
    this.#claims = new Claims(database)
    this.#completions = new Completions(database)
  }

  claim(componentId: ComponentId, leaseMs: number): Promise<Claim | undefined> {
    return this.#claims.claim(componentId, leaseMs)
  }

  /** Leaves no event and touches the job alone, so it needs no lock of the artifact. */
  async renew(lease: LeaseRef, leaseMs: number): Promise<boolean> {
    const renewed = await this.#database.write((statements) =>
      statements.run(Prisma.sql`
        UPDATE job SET lease_until_ms = ${this.#database.dialect.nowMs} + ${leaseMs}
        WHERE ${heldBy(lease)} AND status IN (${Prisma.join(jobStatesBefore('complete'))})`),
    )
    return renewed === 1
  }

  complete(lease: LeaseRef, output: Parameters<JobStore['complete']>[1]): Promise<CompleteOutcome> {
    return this.#completions.complete(lease, output)
  }

  fail(lease: LeaseRef, failure: JobFailure, retryDelayMs: number | undefined): Promise<FailOutcome> {
    return this.#database.write((statements) => failJob(statements, this.#database.dialect, lease, failure, retryDelayMs))
  }

  expireLeases(asOfMs?: number): Promise<Looked> {
    return expireLeases(this.#database, asOfMs)
  }

  async find(id: JobId): Promise<JobRecord | undefined> {
    const [row] = await this.#database.read((statements) =>
      statements.rows<JobRow & { artifact_id: string }>(Prisma.sql`
        SELECT ${jobColumns}, a.id AS artifact_id
        FROM job j JOIN component c ON c.id = j.component_id JOIN artifact a ON a.number = j.artifact_number WHERE j.id = ${id}`),
    )
    return row === undefined ? undefined : jobRecordOf(row, row.artifact_id as ArtifactId)
  }

  async findResource(id: ResourceId): Promise<ResourceRecord | undefined> {
    const [row] = await this.#database.read((statements) =>
      statements.rows<ResourceRow>(Prisma.sql`
        SELECT a.id AS artifact_id, j.component_id, u.component_ids, j.released, j.status, j.output_digest, j.output_bytes, p.content
        FROM job j
          JOIN artifact a ON a.number = j.artifact_number
          JOIN audience u ON u.artifact_number = j.artifact_number AND u."index" = j.audience_index
          LEFT JOIN small_product p ON p.output_id = j.output_id
        WHERE j.output_id = ${id}`),
    )
    return row === undefined ? undefined : resourceOf(id, row)
  }
}

interface ResourceRow {
  readonly artifact_id: string
  readonly component_id: string
  readonly component_ids: string
  readonly released: boolean | number
  readonly status: string
  readonly output_digest: string | null
  readonly output_bytes: bigint | null
  readonly content: ArrayBuffer | Uint8Array | null
}

function resourceOf(id: ResourceId, row: ResourceRow): ResourceRecord {
  return {
    id,
    artifactId: row.artifact_id as ArtifactId,
    producerId: row.component_id as ComponentId,
    recipientIds: fromText<ComponentId[]>(row.component_ids),
    released: Boolean(row.released),
    jobStatus: row.status as JobStatus,
    stored:
      row.output_digest === null
        ? null
        : { digest: row.output_digest, bytes: Number(row.output_bytes), content: row.content && bytesOf(row.content) },
  }
}
