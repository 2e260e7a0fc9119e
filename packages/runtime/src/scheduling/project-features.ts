import { type Moments, momentsFrom, momentsSummary } from '@flotta/algorithms'
import type { CategoryCount, Feature, FeatureType, ProjectFeature } from '@flotta/contract'
import type { DatasourceRecord } from '../ports/store.ts'
import { mergeQuartiles } from './merge-quantiles.ts'

/** What is needed of a data source: who offers it, and what was published of it. */
export type PublishedDatasource = Pick<DatasourceRecord, 'component' | 'metadata'>

/**
 * The features that every readable data source has, as the whole project has them, of what each publishes.
 *
 * Means are weighted by the records that have a value; the standard deviation is that of the pooled records (n - 1), from each
 * site's n, mean and standard deviation by the parallel formula of Chan, Golub and LeVeque (1979) (C17). Quartiles are those of
 * the mixture, with a bound.
 */
export function projectFeatures(datasources: readonly PublishedDatasource[]): ProjectFeature[] {
  const readable = datasources.filter(({ metadata }) => metadata.problem === null)
  const [first] = readable
  return (first?.metadata.features ?? []).flatMap(({ name }) => {
    const parts = readable.flatMap(({ component, metadata }) => {
      const feature = metadata.features.find((candidate) => candidate.name === name)
      return feature ? [{ feature, records: metadata.records, place: `${component.name}/${metadata.name}` }] : []
    })
    return parts.length === readable.length ? [mergeFeature(name, parts)] : []
  })
}

interface Part {
  readonly feature: Feature
  readonly records: number | null
  readonly place: string
}

function mergeFeature(name: string, parts: readonly Part[]): ProjectFeature {
  const { mean, std } = momentsSummary.value(parts.map(momentsOf).reduce(momentsSummary.merge))
  const typesAt = placesByType(parts)
  return {
    name,
    types: typesAt.map(({ type }) => type),
    typesAt,
    units: [...new Set(parts.flatMap(({ feature }) => (feature.unit === undefined ? [] : [feature.unit])))].sort(),
    datasources: parts.length,
    records: parts.reduce((sum, { records }) => sum + (records ?? 0), 0),
    missing: parts.reduce((sum, { feature }) => sum + (feature.missing ?? 0), 0),
    mean,
    std,
    quartiles: mergeQuartiles(
      parts.flatMap((part) =>
        part.feature.quantiles === undefined ? [] : [{ count: presentOf(part), quantiles: part.feature.quantiles }],
      ),
    ),
    values: mergeValues(parts),
    ...mergeLevels(parts),
  }
}

function placesByType(parts: readonly Part[]): { type: FeatureType; datasources: string[] }[] {
  const types = [...new Set(parts.map(({ feature }) => feature.type))].sort()
  return types.map((type) => ({
    type,
    datasources: parts.filter(({ feature }) => feature.type === type).map(({ place }) => place),
  }))
}

/** How many records have a value, as far as it is published. */
function presentOf({ feature, records }: Part): number {
  return Math.max(0, (records ?? 0) - (feature.missing ?? 0))
}

function momentsOf(part: Part): Moments {
  const { mean, std } = part.feature
  return mean === null ? momentsSummary.init() : momentsFrom({ count: presentOf(part), mean, std: std ?? 0 })
}

/** The categories that owners declare, where every one does. */
function mergeLevels(parts: readonly Part[]): { levels?: string[] } {
  const declared = parts.flatMap(({ feature }) => (feature.levels === undefined ? [] : [feature.levels]))
  return declared.length < parts.length ? {} : { levels: [...new Set(declared.flat())].sort() }
}

/** The categories that sites name, where every site names its own. */
function mergeValues(parts: readonly Part[]): CategoryCount[] | null {
  const named = parts.flatMap(({ feature }) => (feature.values === undefined ? [] : [feature.values]))
  if (named.length < parts.length) return null
  const counts = new Map<string, number>()
  for (const { value, records } of named.flat()) counts.set(value, (counts.get(value) ?? 0) + records)
  return [...counts]
    .map(([value, records]) => ({ value, records }))
    .sort((a, b) => b.records - a.records || (a.value < b.value ? -1 : 1))
}
