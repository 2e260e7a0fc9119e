import type { DuckDBConnection } from '@duckdb/node-api'
import { isNumericType, type TypedFeature } from '@flotta/contract'
import { quoteName } from './sql-text.ts'
import { DoubleColumn } from './vectors.ts'

/**
 * A column beside a feature whose numbers are all decimals, of which one sum tells both how many records have a number and the exact sum
 * of those numbers: a record that has m / 10^digits has unit + m there. The sum of it over any records is n · unit + Σm, and unit is more than
 * twice Σ|m| over the whole table, so n and Σm can be told apart.
 */
export interface Tally {
  readonly column: string
  readonly digits: number
  /** A power of two. */
  readonly unit: number
}

/** The tallies of a table by their features. */
export type Tallies = ReadonlyMap<string, Tally>

/** A table of fewer records is added up at once anyway. */
const FEWEST_RECORDS = 100_000
const MOST_DIGITS = 9
/** Any Σm is a double, and digits that a double can't show are none. */
const LARGEST_TOTAL = 2 ** 52
const SAMPLE = 1000
/** What tallies may take in memory until they are written; to write often costs as much for each column that is there. */
const MOST_UNWRITTEN_BYTES = 32 * 2 ** 20

/** What a column beside the features begins with. A control character: no feature has such a name. */
const BESIDE = '\u0001'
const namePattern = new RegExp(`^${BESIDE}(\\d+) (\\d+) (.*)$`, 's')

/** Says that tallies were looked for; it holds nothing. */
const LOOKED_FOR = `${BESIDE}tallied`

export function isBeside(column: string): boolean {
  return column.startsWith(BESIDE)
}

/** The tallies among the columns of a table. */
export function talliesAmong(columns: readonly string[]): Tallies {
  return new Map(
    columns.flatMap((column): [string, Tally][] => {
      const [, digits, bits, feature] = namePattern.exec(column) ?? []
      return feature === undefined ? [] : [[feature, { column, digits: Number(digits), unit: 2 ** Number(bits) }]]
    }),
  )
}

/** Whether nobody has looked yet for tallies of a table that may have some. */
export function lacksTallies(columns: readonly string[], records: number): boolean {
  return records >= FEWEST_RECORDS && !columns.includes(LOOKED_FOR)
}

/**
 * Adds a tally for each feature that can have one to the table `data`. Only the speed of sums depends on it, and their last digit: those of
 * other features are compensated sums of doubles.
 *
 * @param database the one that the table is in, where it is attached
 */
export async function addTallies(
  connection: DuckDBConnection,
  features: readonly TypedFeature[],
  { database, fewestRecords = FEWEST_RECORDS }: { database?: string; fewestRecords?: number } = {},
): Promise<void> {
  const data = database === undefined ? 'data' : `${database}.data`
  const [records] = await doubles(connection, `SELECT CAST(count(*) AS DOUBLE) FROM ${data}`)
  if (records! < fewestRecords) return
  const bytes = records! * BigInt64Array.BYTES_PER_ELEMENT
  let unwritten = 0
  for (const { name, type } of features) {
    if (!isNumericType(type)) continue
    const number = `CAST(${quoteName(name)} AS DOUBLE)`
    const found = await measure(connection, data, number, records!)
    if (found === undefined) continue
    const column = quoteName(`${BESIDE}${found.digits} ${found.bits} ${name}`)
    const tally = `${2 ** found.bits} + CAST(${scaled(number, found.digits)} AS BIGINT)`
    await connection.run(`ALTER TABLE ${data} ADD COLUMN ${column} BIGINT`)
    await connection.run(`ALTER TABLE ${data} ALTER ${column} TYPE BIGINT USING ${tally}`)
    unwritten += bytes
    if (unwritten < MOST_UNWRITTEN_BYTES) continue
    await connection.run(database === undefined ? 'CHECKPOINT' : `CHECKPOINT ${database}`)
    unwritten = 0
  }
  await connection.run(`ALTER TABLE ${data} ADD COLUMN ${quoteName(LOOKED_FOR)} BOOLEAN`)
}

/** How many digits the numbers of a feature have after the point, and which power of two is more than twice the sum of their magnitudes. */
async function measure(
  connection: DuckDBConnection,
  data: string,
  number: string,
  records: number,
): Promise<{ digits: number; bits: number } | undefined> {
  const [least, greatest] = await doubles(connection, `SELECT unnest([min(${number}), max(${number})]) FROM ${data}`)
  let digits = digitsOf(await doubles(connection, `SELECT ${number} FROM ${data} LIMIT ${SAMPLE}`), 0)
  while (digits !== undefined) {
    const total = Math.round(Math.max(Math.abs(least!), Math.abs(greatest!)) * 10 ** digits) * records
    if (!(total < LARGEST_TOTAL)) return undefined
    const isOther = `${scaled(number, digits)} / ${10 ** digits} <> ${number}`
    const others = await doubles(connection, `SELECT ${number} FROM ${data} WHERE ${isOther} LIMIT 1`)
    if (others.length === 0) return { digits, bits: bitsAbove(2 * Math.max(1, total)) }
    digits = digitsOf(others, digits + 1)
  }
  return undefined
}

function bitsAbove(value: number): number {
  let bits = 0
  while (2 ** bits <= value) bits++
  return bits
}

/** The fewest digits after the point, but no fewer than so many, that all these numbers are written with; a missing one is NaN. */
function digitsOf(values: Iterable<number>, fewest: number): number | undefined {
  let digits = fewest
  for (const value of values) {
    while (!Number.isNaN(value) && Math.round(value * 10 ** digits) / 10 ** digits !== value)
      if (++digits > MOST_DIGITS) return undefined
  }
  return digits <= MOST_DIGITS ? digits : undefined
}

/** A number times 10^digits, as SQL; a whole one, of a decimal with so many digits. */
function scaled(number: string, digits: number): string {
  return `round(${number} * ${10 ** digits})`
}

async function doubles(connection: DuckDBConnection, sql: string): Promise<Float64Array> {
  const column = new DoubleColumn()
  const result = await connection.run(sql)
  for (let index = 0; index < result.chunkCount; index++) column.append(result.getChunk(index), 0)
  return column.values()
}
