import type { Criterion, DatasourceMetadata, JobFailure, JobOperation, Metrics, PublishMode } from '@flotta/contract'
import type { DatasourceSource } from './datasource-source.ts'

/** What a data holder allows, whatever the node orders. */
export interface ReleasePolicy {
  /** Fewest selected records at this site that a result may rest on. */
  readonly minimumRecords: number
  /** Fewest records of a group, cell or bin that is told of, and fewest values of a feature that a figure may rest on. */
  readonly minimumCell: number
}

/** A question for what is published of a table. */
export interface DescribeRequest {
  readonly source: DatasourceSource
  readonly publish: PublishMode
  readonly policy: ReleasePolicy
}

/** A job as plain data for a worker: no key, token or address. */
export interface ExecutionRequest {
  readonly operation: JobOperation
  /** Tables of this site that are offered to the project; empty on a node, which holds no data. */
  readonly datasources: readonly DatasourceSource[]
  /** Files with the products (tensors) of the jobs before, in canonical order. */
  readonly inputs: readonly string[]
  /** Files with the products that the step's `uses` name, in its order. */
  readonly used: readonly string[]
  /** File that the product (tensors) is written to. */
  readonly outputPath: string
  readonly policy: ReleasePolicy
  /** When the rounds end, and the file with the product of the round before; only the node's own jobs decide that. */
  readonly until: { readonly criterion: Criterion; readonly previous: string } | undefined
}

/** How a job ended. `detail` is for the log of this machine only: it may name paths and lines of the data. */
export type ExecutionOutcome =
  | { readonly kind: 'completed'; readonly metrics: Metrics | null; readonly stop: boolean }
  | { readonly kind: 'failed'; readonly failure: JobFailure; readonly detail: string }

export type DescribeOutcome =
  | { readonly kind: 'described'; readonly metadata: DatasourceMetadata }
  | { readonly kind: 'failed'; readonly failure: JobFailure; readonly detail: string }

/** Runs jobs away from the process that holds the keys. Neither method rejects: a crash, a deadline or an abort is an outcome. */
export interface TaskExecutor extends AsyncDisposable {
  execute(request: ExecutionRequest, options: { readonly signal: AbortSignal }): Promise<ExecutionOutcome>
  describe(request: DescribeRequest, options: { readonly signal: AbortSignal }): Promise<DescribeOutcome>
}
