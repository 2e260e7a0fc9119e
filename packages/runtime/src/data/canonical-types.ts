import type { DuckDBConnection } from '@duckdb/node-api'
import { MAX_MAGNITUDE } from '@flotta/algorithms'
import type { TypedFeature } from '@flotta/contract'
import { featureTypeOf } from './feature-type.ts'
import { sqlTypes } from './query/sql-types.ts'
import { quoteName } from './sql-text.ts'

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
  await blankUnmeasured(
    connection,
    columns.filter(({ type }) => type === 'float').map(({ name }) => quoteName(name)),
  )
}

/** Most columns have no such number; that is seen in one pass over all of them. NaN is greater than any number. */
async function blankUnmeasured(connection: DuckDBConnection, columns: readonly string[]): Promise<void> {
  if (columns.length === 0) return
  const suspect = columns.map(
    (column) => `coalesce(max(${column}) > ${MAX_MAGNITUDE} OR min(${column}) < -${MAX_MAGNITUDE}, false)`,
  )
  const reader = await connection.runAndReadAll(`SELECT ${suspect.join(', ')} FROM data`)
  const [row = []] = reader.getRows()
  for (const column of columns.filter((_, index) => row[index] === true))
    await connection.run(`UPDATE data SET ${column} = NULL WHERE NOT abs(${column}) <= ${MAX_MAGNITUDE}`)
}

/** The columns of the table `data`, in order. */
export async function schemaOf(connection: DuckDBConnection): Promise<TypedFeature[]> {
  return (await columnsOf(connection)).map(({ name, sqlType }) => ({ name, type: featureTypeOf(sqlType) }))
}

async function columnsOf(connection: DuckDBConnection): Promise<{ readonly name: string; readonly sqlType: string }[]> {
  const reader = await connection.runAndReadAll(
    "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = 'data' ORDER BY column_index",
  )
  return reader.getRows().map(([name, sqlType]) => ({ name: String(name), sqlType: String(sqlType) }))
}
