import type { DatasourceMetadata, Feature, ProjectFeature } from '@flotta/contract'

/**
 * The features that every readable data source has, as the whole project has them.
 *
 * Means are weighted by the records that have a value; the standard deviation is that of the pooled records (n - 1), from each
 * site's n, mean and standard deviation by the parallel formula of Chan, Golub and LeVeque (1979) (C17).
 */
export function projectFeatures(datasources: readonly DatasourceMetadata[]): ProjectFeature[] {
  const readable = datasources.filter(({ problem }) => problem === null)
  const [first] = readable
  return (first?.features ?? []).flatMap(({ name }) => {
    const parts = readable.flatMap(({ records, features }) => {
      const feature = features.find((candidate) => candidate.name === name)
      return feature ? [{ feature, records }] : []
    })
    return parts.length === readable.length ? [mergeFeature(name, parts)] : []
  })
}

interface Part {
  readonly feature: Feature
  readonly records: number
}

function mergeFeature(name: string, parts: readonly Part[]): ProjectFeature {
  const moments = parts.map(momentsOf).reduce(mergeMoments)
  return {
    name,
    types: [...new Set(parts.map(({ feature }) => feature.type))].sort(),
    datasources: parts.length,
    records: parts.reduce((sum, { records }) => sum + records, 0),
    missing: parts.reduce((sum, { feature }) => sum + feature.missing, 0),
    mean: moments.n > 0 ? moments.mean : null,
    std: moments.n > 1 ? Math.sqrt(moments.m2 / (moments.n - 1)) : null,
  }
}

interface Moments {
  readonly n: number
  readonly mean: number
  /** Sum of squared deviations from the mean. */
  readonly m2: number
}

function momentsOf({ feature, records }: Part): Moments {
  const n = records - feature.missing
  if (feature.mean === null || n <= 0) return { n: 0, mean: 0, m2: 0 }
  return { n, mean: feature.mean, m2: (feature.std ?? 0) ** 2 * (n - 1) }
}

function mergeMoments(a: Moments, b: Moments): Moments {
  const n = a.n + b.n
  if (n === 0) return a
  const delta = b.mean - a.mean
  return { n, mean: a.mean + (delta * b.n) / n, m2: a.m2 + b.m2 + (delta * delta * a.n * b.n) / n }
}
