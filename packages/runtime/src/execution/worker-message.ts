import type { DatasourceSource } from '../ports/datasource-source.ts'
import type { ExecutionRequest } from '../ports/task-executor.ts'

/** What a worker process is asked. */
export type WorkerMessage =
  | { readonly kind: 'execute'; readonly request: ExecutionRequest }
  | { readonly kind: 'describe'; readonly datasource: DatasourceSource }
