import { TableCache } from '../data/table-cache.ts'
import type { DescribeOutcome, ExecutionOutcome } from '../ports/task-executor.ts'
import { runDescribe, runTask } from './run-task.ts'
import type { WorkerMessage } from './worker-message.ts'

// What this process writes is its owner's alone.
process.umask(0o077)

let tables: TableCache | undefined

/** The entry of a worker process: one message, one outcome. Tables stay open for the next one. */
export default async function handle(message: WorkerMessage): Promise<ExecutionOutcome | DescribeOutcome | undefined> {
  tables ??= new TableCache(message.tables)
  try {
    return await outcomeOf(message, tables)
  } finally {
    tables.trim()
  }
}

async function outcomeOf(message: WorkerMessage, opened: TableCache): Promise<ExecutionOutcome | DescribeOutcome | undefined> {
  switch (message.kind) {
    case 'execute':
      return runTask(message.request, opened)
    case 'describe':
      return runDescribe(message.request, opened)
    case 'prepare':
      return undefined
    default:
      return message satisfies never
  }
}
