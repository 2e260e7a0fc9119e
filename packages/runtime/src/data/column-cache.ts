/**
 * Columns of numbers that stay in memory between jobs, as many as fit; the ones that were used longest ago go first. They are handed out as they
 * are, to be read only.
 */
export class ColumnCache {
  readonly #maxBytes: number
  #bytes = 0
  readonly #columns = new Map<string, Float64Array>()

  /** @param maxMb none: without limit */
  constructor(maxMb = Number.POSITIVE_INFINITY) {
    this.#maxBytes = maxMb * 2 ** 20
  }

  /** Whether so many values fit in together. */
  fits(values: number): boolean {
    return values * Float64Array.BYTES_PER_ELEMENT <= this.#maxBytes
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
    for (const oldest of this.#columns.keys()) {
      if (this.#bytes <= this.#maxBytes) return
      this.#remove(oldest)
    }
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
