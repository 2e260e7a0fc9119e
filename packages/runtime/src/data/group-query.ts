import type { DuckDBDataChunk } from '@duckdb/node-api'
import { type GroupKey, isNumericType, type Scalar, type TypedFeature } from '@flotta/contract'
import type { Groups } from './groups.ts'
import { type CompiledGroupKey, compileGroupKey } from './query/compile-group-key.ts'
import { quoteName } from './sql-text.ts'
import type { Selection } from './table-columns.ts'
import type { Tally } from './tallies.ts'
import { TextColumn } from './text-column.ts'
import { DoubleColumn } from './vectors.ts'

/** A key with the type of its feature. */
export interface TypedKey {
  readonly key: GroupKey
  readonly type: TypedFeature['type']
}

/** Records by their keys, with number and sum of some features in each group, as one SELECT. */
export class GroupQuery {
  readonly sql: string
  readonly parameters: readonly Scalar[]
  readonly #keys: readonly CompiledGroupKey[]
  readonly #features: readonly TypedFeature[]
  readonly #texts: TextColumn[]
  readonly #numbers: DoubleColumn[]

  constructor(
    keys: readonly TypedKey[],
    features: readonly TypedFeature[],
    tallyOf: (feature: string) => Tally | undefined,
    { source, parameters }: Selection,
  ) {
    const bound = [...parameters]
    this.#keys = keys.map(({ key, type }) => compileGroupKey(key, type, (value) => `$${bound.push(value)}`))
    this.#features = features
    const columns = [
      ...this.#keys.map(({ value }) => value),
      'CAST(count(*) AS DOUBLE)',
      ...features.flatMap((feature) => figuresOf(feature, tallyOf(feature.name))),
    ]
    const by = this.#keys
      .map(({ expression, value }, index) => (expression === value ? String(index + 1) : expression))
      .join(', ')
    this.sql = `SELECT ${columns.join(', ')} FROM ${source}${keys.length > 0 ? ` GROUP BY ${by}` : ''}`
    this.parameters = bound
    this.#texts = keys.map(() => new TextColumn())
    this.#numbers = columns.map(() => new DoubleColumn())
  }

  read(chunk: DuckDBDataChunk): void {
    for (const [index, column] of this.#numbers.entries()) {
      if (this.#keys[index]?.isNumber === false) this.#texts[index]!.append(chunk, index)
      else column.append(chunk, index)
    }
  }

  result(): Groups {
    const after = this.#keys.length
    const numbers = (index: number) => this.#numbers[index]!.values()
    return {
      keys: this.#keys.map(({ isNumber, decode }, index) =>
        isNumber ? Array.from(numbers(index), decode) : this.#texts[index]!.values().map(decode),
      ),
      records: numbers(after),
      features: this.#features.map(({ name }, index) => ({
        name,
        counts: numbers(after + 1 + FIGURES * index),
        sums: numbers(after + 2 + FIGURES * index),
        lost: numbers(after + 3 + FIGURES * index),
      })),
    }
  }
}

/** Count and sum of the values of a feature, and the most that the sum is off by; what is no number has no sum. */
function figuresOf({ name, type }: TypedFeature, tally: Tally | undefined): [count: string, sum: string, lost: string] {
  if (tally !== undefined) return talliedFigures(tally)
  const column = quoteName(name)
  const count = `CAST(count(${column}) AS DOUBLE)`
  if (!isNumericType(type)) return [count, NOTHING, NOTHING]
  const number = `CAST(${column} AS DOUBLE)`
  return [count, `coalesce(fsum(${number}), 0)`, `coalesce(sum(abs(${number})), 0) * ${KAHAN_ERROR}`]
}

const FIGURES = 3
const NOTHING = '0::DOUBLE'
/** Of a compensated sum, by the sum of magnitudes: twice the unit roundoff (Higham 2002, 4.8), and as much again for sums of parts. */
const KAHAN_ERROR = 2 ** -51

/** The same from one sum of whole numbers, which loses nothing. */
function talliedFigures({ column, digits, unit }: Tally): [count: string, sum: string, lost: string] {
  const both = `coalesce(sum(${quoteName(column)}), 0)`
  const count = `((${both} + ${unit / 2}) // ${unit})`
  return [`CAST(${count} AS DOUBLE)`, `CAST(${both} - ${count} * ${unit} AS DOUBLE) / ${10 ** digits}`, NOTHING]
}
