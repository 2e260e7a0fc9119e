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

/** The columns of the table `data`, in order; those beside the features included. */
export async function columnsOf(connection: DuckDBConnection): Promise<DataColumn[]> {
  const result = await connection.run('SELECT * FROM data LIMIT 0')
  return result.columnNames().map((name, index) => ({ name, sqlType: result.columnType(index).toString() }))
}
