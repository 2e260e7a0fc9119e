import { open as openFile, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Admission, Database } from '../database.ts'
import { databaseError } from '../database-error.ts'
import { sqliteDialect } from '../dialect.ts'
import { PrismaClient } from '../generated/sqlite/client.ts'
import { GroupCommit } from './group-commit.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { PreparedStatements } from './prepared-statements.ts'
import { SingleConnection } from './single-connection.ts'
import { makeTemporaryFolder } from './temporary-folder.ts'

/** How long the driver waits for another process that holds the lock; it waits without giving way, so not long. */
const BUSY_TIMEOUT_MS = 1_000
const TRANSACTION_TIMEOUT_MS = 60_000

/** A database in a file. What it has answered survives a crash of the process and of the machine. */
export function openSqlite(file: string): Promise<Database> {
  return open(resolve(file), 'FULL', async () => undefined)
}

/** A database of this store alone that is gone with it. */
export async function openMemory(): Promise<Database> {
  const folder = await makeTemporaryFolder().catch((error: unknown) => {
    throw databaseError(error)
  })
  const remove = () => rm(folder, { recursive: true, force: true })
  try {
    return await open(join(folder, 'store.db'), 'OFF', remove)
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

async function open(file: string, synchronous: 'FULL' | 'OFF', afterClose: () => Promise<void>): Promise<Database> {
  await makeFile(file)
  const settings = ['PRAGMA journal_mode = WAL', `PRAGMA synchronous = ${synchronous}`, 'PRAGMA foreign_keys = ON']
  const admit = oneAtATime()
  const adapter = new SingleConnection({ url: pathToFileURL(file).href, timeout: BUSY_TIMEOUT_MS }, settings)
  const transactionOptions = { maxWait: TRANSACTION_TIMEOUT_MS, timeout: TRANSACTION_TIMEOUT_MS }
  const client = new PrismaClient({ adapter, transactionOptions, errorFormat: 'minimal' })
  return new Database({
    client,
    direct: direct(file, settings, admit),
    dialect: sqliteDialect,
    admit,
    replicas: undefined,
    afterClose,
  })
}

/** A connection that writes and one that reads, which sees nothing before it is committed. */
function direct(file: string, settings: readonly string[], admit: Admission): GroupCommit {
  try {
    const writing = new PreparedStatements(file, BUSY_TIMEOUT_MS, settings)
    const reading = new PreparedStatements(file, BUSY_TIMEOUT_MS, [...settings, 'PRAGMA query_only = ON'])
    return new GroupCommit(writing, reading, admit)
  } catch (error) {
    throw databaseError(error)
  }
}
