import { type DatasourceMetadata, type Feature, MAX_PUBLISHED_LEVELS, type PublishMode } from '@flotta/contract'
import type { ReleasePolicy } from '../ports/task-executor.ts'
import { roundTo, secondDigit } from './rounding.ts'
import type { ColumnFigures, TableFigures } from './table-figures.ts'

/**
 * What is told of a table before any job, as its owner has decided. In no mode is a minimum, a maximum or a value of one person
 * among it.
 *
 * - `schema`: names, types, units, and the categories that the owner declares.
 * - `summary`: records, and missing values unless they tell how few are there; mean and deviation where enough records have a value; quartiles to the second digit of
 *   the deviation; how many categories are frequent enough to tell.
 * - `full`: more quantiles, as they are, and the frequent categories by name and number.
 */
export function publishedMetadata(
  name: string,
  { records, columns }: TableFigures,
  publish: PublishMode,
  policy: ReleasePolicy,
): DatasourceMetadata {
  const features = columns.map((column) => publishedFeature(column, records, publish, policy))
  return { name, publish, records: publish === 'schema' ? null : records, features, problem: null }
}

function publishedFeature(column: ColumnFigures, records: number, publish: PublishMode, policy: ReleasePolicy): Feature {
  const { name, declared } = column
  const present = records - column.missing
  // A number of missing values tells that of the others: they are none, or enough.
  const missing = present === 0 || present >= policy.minimumCell ? column.missing : null
  const feature: Feature = {
    name,
    type: column.values !== undefined || declared?.type === 'categorical' ? 'categorical' : column.type,
    missing: null,
    mean: null,
    std: null,
    categories: null,
    ...(declared?.unit === undefined ? {} : { unit: declared.unit }),
    ...levelsOf(declared),
  }
  switch (publish) {
    case 'schema':
      return feature
    case 'summary':
      return { ...feature, missing, ...summaryFigures(column, policy) }
    case 'full':
      return { ...feature, missing, ...fullFigures(column, present, policy) }
    default:
      return publish satisfies never
  }
}

/** What may stand in the column, whatever does: it is the owner's word, and tells nothing of his records. */
function levelsOf(declared: ColumnFigures['declared']): { levels?: string[] } {
  const levels = declared?.categories ?? []
  return levels.length === 0 || levels.length > MAX_PUBLISHED_LEVELS ? {} : { levels: [...levels] }
}

type Figures = Pick<Feature, 'mean' | 'std' | 'quantiles' | 'categories' | 'values'>

function summaryFigures(column: ColumnFigures, policy: ReleasePolicy): Partial<Figures> {
  const { values } = column
  const moments = tellableMoments(column, policy)
  if (moments === undefined) return { categories: values?.length ?? null }
  const { mean, std } = moments
  const round = (value: number) => (std > 0 ? roundTo(value, secondDigit(std)) : value)
  const quantiles = column.quantiles && quartilesOf(column.quantiles).map(round)
  return { mean, std, ...(quantiles ? { quantiles } : {}) }
}

/** Of evenly spaced quantiles; their number is one less than a multiple of four. */
function quartilesOf(quantiles: readonly number[]): number[] {
  const quarter = (quantiles.length + 1) / 4
  return [1, 2, 3].map((index) => quantiles[index * quarter - 1]!)
}

function fullFigures(column: ColumnFigures, present: number, policy: ReleasePolicy): Partial<Figures> {
  const { distinct = null, quantiles } = column
  const values = column.values && namedValues(column.values, present, policy)
  const moments = tellableMoments(column, policy)
  if (moments === undefined) return { categories: distinct, ...(values ? { values } : {}) }
  return { mean: moments.mean, std: moments.std, ...(quantiles ? { quantiles: [...quantiles] } : {}) }
}

/** Frequent values, without the least of them until the records of all others are none or enough. */
function namedValues(values: NonNullable<ColumnFigures['values']>, present: number, { minimumCell }: ReleasePolicy) {
  const named = [...values]
  let others = named.reduce((rest, { records }) => rest - records, present)
  while (others > 0 && others < minimumCell && named.length > 0) others += named.pop()!.records
  return named
}

/**
 * Mean and deviation, where as many records have a value as a result of this site must rest on. Of two values, as 0 and 1, they
 * would tell how many records have each: then both must be frequent enough to tell.
 */
function tellableMoments({ moments, rarest }: ColumnFigures, { minimumRecords, minimumCell }: ReleasePolicy) {
  if (moments === undefined || moments.count < Math.max(minimumRecords, minimumCell)) return undefined
  if (rarest !== undefined && rarest < minimumCell) return undefined
  const { mean, std } = moments
  return mean === null || std === null ? undefined : { mean, std }
}
