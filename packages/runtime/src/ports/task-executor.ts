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

/** A product in the clear (tensors): a file, or a small one itself, which so needs none. */
export type HeldProduct = string | Uint8Array

/** A job as plain data for a worker: no key, token or address. */
export interface ExecutionRequest {
  readonly operation: JobOperation
  /** Tables of this site that are offered to the project; empty on a node, which holds no data. */
  readonly datasources: readonly DatasourceSource[]
  /** The products of the jobs before, in canonical order. */
  readonly inputs: readonly HeldProduct[]
  /** The products that the step's `uses` name, in its order. */
  readonly used: readonly HeldProduct[]
  /** File that a product is written to that is not small. */
  readonly outputPath: string
  readonly policy: ReleasePolicy
  /** When the rounds end, and the product of the round before; only the node's own jobs decide that. */
  readonly until: { readonly criterion: Criterion; readonly previous: HeldProduct } | undefined
}

/** How a job ended. `detail` is for the log of this machine only: it may name paths and lines of the data. */
export type ExecutionOutcome =
  | {
      readonly kind: 'completed'
      /** A small product; null: it is in the file. */
      readonly product: Uint8Array | null
      readonly metrics: Metrics | null
      readonly stop: boolean
    }
  | { readonly kind: 'failed'; readonly failure: JobFailure; readonly detail: string }

export type DescribeOutcome =
  | { readonly kind: 'described'; readonly metadata: DatasourceMetadata }
  | { readonly kind: 'failed'; readonly failure: JobFailure; readonly detail: string }

/** Runs jobs away from the process that holds the keys. Neither method rejects: a crash, a deadline or an abort is an outcome. */
export interface TaskExecutor extends AsyncDisposable {
  execute(request: ExecutionRequest, options: { readonly signal: AbortSignal }): Promise<ExecutionOutcome>
  describe(request: DescribeRequest, options: { readonly signal: AbortSignal }): Promise<DescribeOutcome>
}
