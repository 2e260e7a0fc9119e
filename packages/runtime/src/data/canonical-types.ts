import type { DuckDBConnection } from '@duckdb/node-api'
import { MAX_MAGNITUDE } from '@flotta/algorithms'
import type { TypedFeature } from '@flotta/contract'
import { featureTypeOf } from './feature-type.ts'
import { sqlTypes } from './query/sql-types.ts'
import { quoteName } from './sql-text.ts'
import { isBeside } from './tallies.ts'

/**
 * Brings each column of the table `data` to the one type that its feature type has in SQL, and numbers that are not finite, or larger than
 * any measured value (2⁹⁷⁰), to what they mean: missing. So a query has one arithmetic and one missing value to think of, wherever a table came from.
 *
 * A whole number that does not fit into 64 bits is missing too.
 */
export async function canonicalise(connection: DuckDBConnection): Promise<void> {
  const columns = (await columnsOf(connection)).map(({ name, sqlType }) => ({ name, sqlType, type: featureTypeOf(sqlType) }))
  for (const { name, sqlType, type } of columns) {
    const column = quoteName(name)
    if (sqlType !== sqlTypes[type])
      await connection.run(
        `ALTER TABLE data ALTER ${column} TYPE ${sqlTypes[type]} USING TRY_CAST(${column} AS ${sqlTypes[type]})`,
      )
  }
  for (const { name, type } of columns) if (type === 'float') await blankUnmeasured(connection, quoteName(name))
}

/** Most columns have no such number, which the engine sees from the bounds that it keeps; in its order NaN is greater than any number. */
async function blankUnmeasured(connection: DuckDBConnection, column: string): Promise<void> {
  await connection.run(`UPDATE data SET ${column} = NULL WHERE ${column} > ${MAX_MAGNITUDE} OR ${column} < -${MAX_MAGNITUDE}`)
}

export interface DataColumn {
  readonly name: string
  readonly sqlType: string
}

/** The features among the columns of a table. */
export function featuresAmong(columns: readonly DataColumn[]): TypedFeature[] {
  return columns.filter(({ name }) => !isBeside(name)).map(({ name, sqlType }) => ({ name, type: featureTypeOf(sqlType) }))
}

/** The first records show that most columns have a value; of the others each is asked for one. */
const FIRST_RECORDS = 1000

/**
 * The same features, in which text without any value is of type `null`, unless its owner says that it is text: its cells do not tell what it would be.
 *
 * @param declared the features whose type the owner has declared
 */
export async function withoutValues(
  connection: DuckDBConnection,
  features: readonly TypedFeature[],
  declared: readonly string[] = [],
): Promise<TypedFeature[]> {
  const texts = features.flatMap(({ name, type }) => (type === 'string' && !declared.includes(name) ? [name] : []))
  const empty = new Set<string>()
  for (const name of await absentAmong(connection, texts, `(SELECT * FROM data LIMIT ${FIRST_RECORDS})`))
    if ((await absentAmong(connection, [name], `(SELECT * FROM data WHERE ${quoteName(name)} IS NOT NULL LIMIT 1)`)).length > 0)
      empty.add(name)
  return features.map(({ name, type }) => ({ name, type: empty.has(name) ? 'null' : type }))
}

/** Those of the columns that have no value in a relation. */
async function absentAmong(connection: DuckDBConnection, names: readonly string[], relation: string): Promise<string[]> {
  if (names.length === 0) return []
  const reader = await connection.runAndReadAll(
    `SELECT ${names.map((name) => `count(${quoteName(name)}) = 0`).join(', ')} FROM ${relation}`,
  )
  const [row = []] = reader.getRows()
  return names.filter((_, index) => row[index] === true)
}

/** The columns of the table `data`, in order; those beside the features included. */
export async function columnsOf(connection: DuckDBConnection): Promise<DataColumn[]> {
  const result = await connection.run('SELECT * FROM data LIMIT 0')
  return result.columnNames().map((name, index) => ({ name, sqlType: result.columnType(index).toString() }))
}
