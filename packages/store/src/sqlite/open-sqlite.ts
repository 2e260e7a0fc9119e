import { open as openFile, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Admission, Database } from '../database.ts'
import { databaseError } from '../database-error.ts'
import { sqliteDialect } from '../dialect.ts'
import { PrismaClient } from '../generated/sqlite/client.ts'
import { type Flush, GroupCommit } from './group-commit.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { PreparedStatements } from './prepared-statements.ts'
import { SingleConnection } from './single-connection.ts'
import { SteadyClock } from './steady-clock.ts'
import { makeTemporaryFolder } from './temporary-folder.ts'
import { WalFlush } from './wal-flush.ts'

/** How long the driver waits for another process that holds the lock; it waits without giving way, so not long. */
const BUSY_TIMEOUT_MS = 1_000
const TRANSACTION_TIMEOUT_MS = 60_000
const noFlush: Flush = { flush: async () => undefined, close: async () => undefined }

/** A database in a file. What it has answered survives a crash of the process and of the machine. */
export function openSqlite(file: string): Promise<Database> {
  return open(resolve(file), { durable: true, afterClose: async () => undefined })
}

/** A database of this store alone that is gone with it. */
export async function openMemory(): Promise<Database> {
  const folder = await makeTemporaryFolder().catch((error: unknown) => {
    throw databaseError(error)
  })
  const remove = () => rm(folder, { recursive: true, force: true })
  try {
    return await open(join(folder, 'store.db'), { durable: false, afterClose: remove })
  } catch (error) {
    await remove()
    throw error
  }
}

/** Only this user reads and writes the file; what SQLite puts beside it gets the same rights. */
async function makeFile(file: string): Promise<void> {
  try {
    await (await openFile(file, 'a', 0o600)).close()
  } catch (error) {
    throw databaseError(error)
  }
}

interface OpenOptions {
  /** Whether what it has answered is to survive a crash of the machine. */
  readonly durable: boolean
  readonly afterClose: () => Promise<void>
}

async function open(file: string, { durable, afterClose }: OpenOptions): Promise<Database> {
  await makeFile(file)
  const settings = settingsOf(durable ? 'FULL' : 'OFF')
  const admit = oneAtATime()
  const clock = new SteadyClock()
  const adapter = new SingleConnection({ url: pathToFileURL(file).href, timeout: BUSY_TIMEOUT_MS }, settings)
  const transactionOptions = { maxWait: TRANSACTION_TIMEOUT_MS, timeout: TRANSACTION_TIMEOUT_MS }
  const client = new PrismaClient({ adapter, transactionOptions, errorFormat: 'minimal' })
  return new Database({
    client,
    direct: direct(file, durable, admit),
    dialect: sqliteDialect(clock),
    clock,
    admit,
    replicas: undefined,
    afterClose,
  })
}

function settingsOf(synchronous: 'FULL' | 'NORMAL' | 'OFF'): string[] {
  return ['PRAGMA journal_mode = WAL', `PRAGMA synchronous = ${synchronous}`, 'PRAGMA foreign_keys = ON']
}

/**
 * A connection that writes and one that reads, which sees nothing before it is committed. NORMAL flushes whatever keeps the file whole, and
 * leaves out the flush at each commit, which is then done aside.
 */
function direct(file: string, durable: boolean, admit: Admission): GroupCommit {
  const settings = settingsOf(durable ? 'NORMAL' : 'OFF')
  try {
    const writing = new PreparedStatements(file, BUSY_TIMEOUT_MS, settings)
    const reading = new PreparedStatements(file, BUSY_TIMEOUT_MS, [...settings, 'PRAGMA query_only = ON'])
    return new GroupCommit(writing, reading, durable ? new WalFlush(file) : noFlush, admit)
  } catch (error) {
    throw databaseError(error)
  }
}
