import type { ComponentId, DatasourceMetadata } from '@flotta/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { projectFeatures as featuresOf } from '../../src/scheduling/project-features.ts'

const projectFeatures = (datasources: readonly DatasourceMetadata[]) =>
  featuresOf(
    datasources.map((metadata, index) => ({ component: { id: `cmp_${index}` as ComponentId, name: `site${index}` }, metadata })),
  )

function describeColumn(values: readonly (number | null)[]): DatasourceMetadata {
  const present = values.filter((value) => value !== null)
  const mean = present.length > 0 ? present.reduce((sum, value) => sum + value, 0) / present.length : null
  const std =
    present.length > 1 ? Math.sqrt(present.reduce((sum, value) => sum + (value - mean!) ** 2, 0) / (present.length - 1)) : null
  const feature = { name: 'x', type: 'float' as const, missing: values.length - present.length, mean, std, categories: null }
  return { name: 't', records: values.length, features: [feature], problem: null }
}

const column = fc.array(fc.option(fc.integer({ min: -1000, max: 1000 }), { freq: 5 }), { maxLength: 40 })

describe('projectFeatures', () => {
  it('equals the description of the pooled column, for any split into sites (C17)', () => {
    fc.assert(
      fc.property(fc.array(column, { minLength: 1, maxLength: 8 }), (sites) => {
        const [merged] = projectFeatures(sites.map(describeColumn))
        const [pooled] = describeColumn(sites.flat()).features
        expect(merged?.missing).toBe(pooled?.missing)
        expect(merged?.records).toBe(sites.flat().length)
        if (pooled?.mean == null) expect(merged?.mean).toBeNull()
        else expect(merged?.mean).toBeCloseTo(pooled.mean, 8)
        if (pooled?.std == null) expect(merged?.std ?? null).toBeNull()
        else expect(merged?.std).toBeCloseTo(pooled.std, 6)
      }),
    )
  })

  it('shows the features that every readable source has, with all their types (C18)', () => {
    const a = describeColumn([1, 2])
    const b: DatasourceMetadata = {
      ...describeColumn([1]),
      features: [
        { ...describeColumn([1]).features[0]!, type: 'integer' },
        { ...describeColumn([1]).features[0]!, name: 'y' },
      ],
    }
    const broken: DatasourceMetadata = {
      name: 'u',
      records: 0,
      features: [],
      problem: { code: 'datasource_unavailable', message: '' },
    }
    expect(projectFeatures([a, b, broken]).map(({ name, types }) => [name, types])).toEqual([['x', ['float', 'integer']]])
  })
})
