import type { TableSettings } from '../data/open-table.ts'
import type { DescribeRequest, ExecutionRequest } from '../ports/task-executor.ts'

/** What a worker process is asked. */
export type WorkerMessage = WorkerRequest & {
  /** The same in every message of a pool. */
  readonly tables: TableSettings
}

export type WorkerRequest =
  | { readonly kind: 'execute'; readonly request: ExecutionRequest }
  /** Of some columns, or of all where none are named. */
  | { readonly kind: 'describe'; readonly request: DescribeRequest; readonly columns?: readonly string[] | undefined }
  /** Of all columns, unless the table is one for several processes. */
  | { readonly kind: 'describe unless large'; readonly request: DescribeRequest }
  /** Nothing yet: to be there when the first job comes. */
  | { readonly kind: 'prepare' }
