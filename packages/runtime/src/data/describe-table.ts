import { type DatasourceMetadata, type Feature, isNumericType, type TypedFeature } from '@flotta/contract'
import { quoteName } from './sql-text.ts'
import type { Table } from './table.ts'

const FIGURES = 4

/**
 * What is published of a table: names, types, counts, means and deviations. No minimum, maximum, quantile or category is among
 * it, for any of them can be the value of one person (B2). Values that are not finite are left out of mean and deviation.
 */
export async function describeTable(name: string, table: Table): Promise<DatasourceMetadata> {
  const figures = await table.figures(['count(*)', ...table.schema.flatMap(expressionsOf)])
  const records = figures[0] ?? 0
  const features = table.schema.map((column, index) =>
    featureOf(column, figures.slice(1 + index * FIGURES, 1 + (index + 1) * FIGURES)),
  )
  return { name, records, features, problem: null }
}

function expressionsOf({ name, type }: TypedFeature): string[] {
  const column = quoteName(name)
  const missing = `count(*) - count(${column})`
  if (!isNumericType(type)) return [missing, 'NULL', 'NULL', `count(DISTINCT ${column})`]
  const value = `CAST(${column} AS DOUBLE)`
  const finite = `FILTER (WHERE isfinite(${value}))`
  return [missing, `avg(${value}) ${finite}`, `stddev_samp(${value}) ${finite}`, 'NULL']
}

function featureOf({ name, type }: TypedFeature, [missing, mean, std, categories]: (number | null)[]): Feature {
  return { name, type, missing: missing ?? 0, mean: mean ?? null, std: std ?? null, categories: categories ?? null }
}
