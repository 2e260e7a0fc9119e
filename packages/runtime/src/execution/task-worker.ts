import { TableCache } from '../data/table-cache.ts'
import type { DescribeOutcome, ExecutionOutcome } from '../ports/task-executor.ts'
import { describeTable, describeUnlessLarge, type LargeTable } from './describe-table.ts'
import { runTask } from './run-task.ts'
import type { WorkerMessage } from './worker-message.ts'

// What this process writes is its owner's alone.
process.umask(0o077)

let tables: TableCache | undefined

/** The entry of a worker process: one message, one outcome. Tables stay open for the next one. */
export default async function handle(message: WorkerMessage): Promise<WorkerOutcome> {
  tables ??= new TableCache(message.tables)
  try {
    return await outcomeOf(message, tables)
  } finally {
    tables.trim()
  }
}

type WorkerOutcome = ExecutionOutcome | DescribeOutcome | LargeTable | undefined

async function outcomeOf(message: WorkerMessage, opened: TableCache): Promise<WorkerOutcome> {
  switch (message.kind) {
    case 'execute':
      return runTask(message.request, opened)
    case 'describe':
      return describeTable(message.request, opened, message.columns)
    case 'describe unless large':
      return describeUnlessLarge(message.request, opened)
    case 'prepare':
      return undefined
    default:
      return message satisfies never
  }
}
