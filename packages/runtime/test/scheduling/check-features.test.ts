import type { Artifact, Condition, FeatureType, Step } from '@flotta/contract'
import { describe, expect, it } from 'vitest'
import type { DatasourceRecord } from '../../src/ports/store.ts'
import { checkFeatures } from '../../src/scheduling/check-features.ts'

const site = (name: string, features: Record<string, FeatureType>, problem = false): DatasourceRecord =>
  ({
    id: 'dat',
    component: { id: 'cmp', name },
    metadata: {
      name: 'table',
      records: 100,
      problem: problem ? { code: 'datasource_unavailable', message: '' } : null,
      features: Object.entries(features).map(([feature, type]) => ({
        name: feature,
        type,
        missing: 0,
        mean: null,
        std: null,
        categories: null,
      })),
    },
  }) as unknown as DatasourceRecord

const mean = (features: string[], condition?: Condition): Artifact => ({ label: '', steps: [estimate(features, condition)] })
const sites = [site('north', { age: 'integer', sex: 'string' }), site('south', { age: 'float', sex: 'string', ward: 'string' })]

describe('checkFeatures', () => {
  it('accepts what every site has', () => {
    expect(() => checkFeatures(mean(['age'], { op: 'eq', feature: 'sex', value: 'f' }), sites)).not.toThrow()
  })

  it('names the sites that lack a feature, before anything runs', () => {
    expect(() => checkFeatures(mean(['age'], { op: 'not', condition: { op: 'isNull', feature: 'ward' } }), sites)).toThrow(
      /steps\[0\]\.operation\.query\.stages\[0\]\.condition: there is no feature "ward": not at north\/table/,
    )
  })

  it('says so when no site has a feature (C3)', () => {
    expect(() => checkFeatures(mean(['heigth']), sites)).toThrow(/"heigth": no data source has it/)
  })

  it('refuses the mean of a feature that is text somewhere', () => {
    expect(() => checkFeatures(mean(['sex']), sites)).toThrow(/"sex" is not numeric at north\/table, south\/table/)
  })

  it('passes over a source that its owner can not read: its job fails with its own reason', () => {
    expect(() => checkFeatures(mean(['age']), [...sites, site('east', {}, true)])).not.toThrow()
  })
})

function estimate(features: string[], condition?: Condition): Step {
  const stages = condition ? [{ kind: 'Filter' as const, condition }] : []
  return {
    kind: 'Parallel',
    operation: { kind: 'Estimate', estimator: { kind: 'Mean', features }, query: { kind: 'Query', stages } },
    distribution: { kind: 'Collect' },
  }
}
