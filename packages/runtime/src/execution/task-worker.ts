import { TableCache } from '../data/table-cache.ts'
import type { DescribeOutcome, ExecutionOutcome } from '../ports/task-executor.ts'
import { runDescribe, runTask } from './run-task.ts'
import type { WorkerMessage } from './worker-message.ts'

// What this process writes is its owner's alone.
process.umask(0o077)

let tables: TableCache | undefined

/** The entry of a worker process: one message, one outcome. Tables stay open for the next one. */
export default async function handle(message: WorkerMessage): Promise<ExecutionOutcome | DescribeOutcome> {
  tables ??= new TableCache(message.tables)
  try {
    return message.kind === 'execute' ? await runTask(message.request, tables) : await runDescribe(message.request, tables)
  } finally {
    tables.trim()
  }
}
