import { dataError } from '../data-error.ts'
import type { CellColumn } from './cell-tests.ts'
import { NumberCells, TextCells } from './held-cells.ts'
import type { ReadableType } from './readings.ts'

export interface SqliteColumnOptions {
  readonly name: string
  /** Its place in a record. */
  readonly index: number
  /** The type that the table declares, in capitals; empty where it has none. */
  readonly declared: string
  /** Whether it is held as text, whatever its values are. */
  readonly asText: boolean
  /** What a message begins with. */
  readonly where: string
}

/** A column of SQLite, whose values may be of any type, on its way into the engine: as numbers, or as text. */
export class SqliteColumn {
  readonly name: string
  readonly declared: string
  readonly cells: NumberCells | TextCells
  readonly #index: number
  readonly #where: string
  #fits = true
  #hasText = false

  constructor({ name, index, declared, asText, where }: SqliteColumnOptions) {
    this.name = name
    this.declared = declared
    this.cells = asText ? new TextCells() : new NumberCells()
    this.#index = index
    this.#where = where
  }

  /** Whether it could be held as numbers, if it was: one that holds text or a number that a double would change could not. */
  get fits(): boolean {
    return this.#fits
  }

  /** @throws {FlottaError} `malformed_datasource` for bytes */
  put(record: readonly unknown[]): void {
    const value = record[this.#index]
    if (value instanceof Uint8Array) {
      const detail = `${this.#where}: column "${this.name}" holds bytes; declare it as BLOB to leave it out`
      throw dataError('malformed_datasource', detail)
    }
    if (this.cells instanceof NumberCells) this.cells.put(this.#numberOf(value))
    else this.cells.put(this.#textOf(value))
  }

  asCells(): CellColumn {
    const { name, cells, declared } = this
    const truth: readonly ReadableType[] = cells instanceof TextCells || this.#isTruth ? ['boolean'] : []
    const whole: readonly ReadableType[] = /REAL|FLOA|DOUB/.test(declared) ? [] : ['integer']
    const readings: readonly ReadableType[] = this.#hasText ? ['date', 'timestamp'] : [...truth, ...whole, 'float']
    return { name, held: cells instanceof NumberCells ? 'numbers' : 'text', readings }
  }

  get #isTruth(): boolean {
    return this.declared.startsWith('BOOL')
  }

  #numberOf(value: unknown): number {
    if (typeof value === 'number') return value
    if (value === null || value === undefined) return Number.NaN
    if (typeof value === 'bigint' && BigInt.asIntN(54, value) === value) return Number(value)
    this.#fits = false
    return Number.NaN
  }

  #textOf(value: unknown): string | null {
    if (value === null || value === undefined) return null
    if (typeof value === 'string') this.#hasText = true
    if (this.#isTruth && (value === 0n || value === 1n)) return String(value === 1n)
    return String(value)
  }
}
