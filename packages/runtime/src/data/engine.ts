import { availableParallelism } from 'node:os'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { quoteText } from './sql-text.ts'

/** What the query engine of a worker process may use. */
export interface EngineLimits {
  /** Most memory for data; beyond it the engine goes to its spill folder. Without a limit it takes what the machine has. */
  readonly memoryMb?: number | undefined
  /** Where the engine puts what does not fit into memory. Without one, it refuses instead. */
  readonly spillFolder?: string | undefined
}

const MB_PER_THREAD = 128
/** What a result may hold that nobody has taken yet: the engine makes so much of it ahead. */
const MB_AHEAD = 64

/** Two threads, and as many more as the processor has and the memory feeds: each of them has buffers of its own. */
function threadsFor(memoryMb = Number.POSITIVE_INFINITY): number {
  return Math.max(2, Math.min(availableParallelism(), Math.floor(memoryMb / MB_PER_THREAD)))
}

/** A query engine of its own over one database: a file, or none but memory. */
export class Engine implements Disposable {
  readonly connection: DuckDBConnection
  readonly #instance: DuckDBInstance

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance
    this.connection = connection
  }

  static async open(
    database: { readonly path: string; readonly mode: 'create' | 'read' } | 'memory',
    { memoryMb, spillFolder }: EngineLimits,
  ): Promise<Engine> {
    const instance = await DuckDBInstance.create(database === 'memory' ? ':memory:' : database.path, {
      threads: String(threadsFor(memoryMb)),
      preserve_insertion_order: 'true',
      autoinstall_known_extensions: 'false',
      // A table is written once: joining its row groups anew would double the work.
      max_vacuum_tasks: '0',
      temp_directory: spillFolder ?? '',
      ...(memoryMb === undefined ? {} : { memory_limit: `${memoryMb}MB` }),
      ...(database !== 'memory' && database.mode === 'read' ? { access_mode: 'READ_ONLY' } : {}),
    })
    const connection = await instance.connect()
    const aheadMb = Math.max(1, Math.min(MB_AHEAD, Math.floor((memoryMb ?? Number.POSITIVE_INFINITY) / 8)))
    await connection.run(`SET streaming_buffer_size = '${aheadMb}MB'`)
    return new Engine(instance, connection)
  }

  /** Takes another database file in, which is made if it is not there, as `stored`. */
  async attach(path: string): Promise<void> {
    await this.connection.run(`ATTACH ${quoteText(path)} AS stored`)
  }

  /** A second connection, whose statements run beside those of the first. The caller closes it. */
  connect(): Promise<DuckDBConnection> {
    return this.#instance.connect()
  }

  /** Closes the engine to the outside, for good: no other file, network or extension can be reached, and no setting changed back. */
  async lockDown(): Promise<void> {
    const closed = ['enable_external_access', 'allow_community_extensions', 'autoload_known_extensions']
    await this.connection.run(`${closed.map((name) => `SET ${name} = false;`).join(' ')} SET lock_configuration = true`)
  }

  [Symbol.dispose](): void {
    this.connection.closeSync()
    this.#instance.closeSync()
  }
}
