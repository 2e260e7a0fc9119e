import { LentMemory } from './lent-memory.ts'

/**
 * What a worker process keeps in memory of columns of numbers between jobs, within a limit: the columns of tables, of which the ones that were used longest
 * ago go first, and memory for what a job computes of them. Columns are handed out as they are, to be read only, and until the job has ended.
 */
export class ColumnCache {
  readonly #maxBytes: number
  #bytes = 0
  readonly #columns = new Map<string, Float64Array>()
  readonly #memory = new LentMemory()

  /** @param maxMb none: without limit */
  constructor(maxMb = Number.POSITIVE_INFINITY) {
    this.#maxBytes = maxMb * 2 ** 20
  }

  /** How many columns of so many values fit in together. */
  capacity(values: number): number {
    return Math.floor(this.#maxBytes / Math.max(1, values * Float64Array.BYTES_PER_ELEMENT))
  }

  get(table: number, name: string): Float64Array | undefined {
    const key = keyOf(table, name)
    const column = this.#columns.get(key)
    if (column === undefined) return undefined
    this.#columns.delete(key)
    this.#columns.set(key, column)
    return column
  }

  set(table: number, name: string, column: Float64Array): void {
    const key = keyOf(table, name)
    this.#remove(key)
    this.#columns.set(key, column)
    this.#bytes += column.byteLength
    this.#memory.shrink(this.#maxBytes - this.#bytes)
    for (const oldest of this.#columns.keys()) {
      if (this.#bytes + this.#memory.bytes <= this.#maxBytes) return
      this.#remove(oldest)
    }
  }

  /** Memory of at least so many bytes for the job that is under way, with whatever was in it before; kept for the next job where it fits in beside the columns. */
  lend(byteLength: number): ArrayBuffer {
    return this.#memory.lend(byteLength, this.#maxBytes - this.#bytes)
  }

  /** The job has ended: nobody holds anything any more of what was lent to it. */
  takeBack(): void {
    this.#memory.takeBack()
  }

  /** Forgets the columns of a table. */
  drop(table: number): void {
    for (const key of this.#columns.keys()) if (key.startsWith(keyOf(table, ''))) this.#remove(key)
  }

  #remove(key: string): void {
    this.#bytes -= this.#columns.get(key)?.byteLength ?? 0
    this.#columns.delete(key)
  }
}

function keyOf(table: number, name: string): string {
  return `${table} ${name}`
}
