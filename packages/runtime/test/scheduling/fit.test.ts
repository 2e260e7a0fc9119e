import {
  type Artifact,
  type Expression,
  type FeatureType,
  type FunctionName,
  modelSchema,
  type Operation,
  type Stage,
  type Step,
} from '@flotta/contract'
import { describe, expect, it } from 'vitest'
import type { DatasourceRecord } from '../../src/ports/store.ts'
import { checkFeatures } from '../../src/scheduling/fit/check-features.ts'

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

const mean = (features: string[], condition?: Expression): Artifact => ({ label: '', steps: [estimate(features, condition)] })
const sites = [site('north', { age: 'integer', sex: 'string' }), site('south', { age: 'float', sex: 'string', ward: 'string' })]

describe('checkFeatures', () => {
  it('accepts what every site has', () => {
    expect(() =>
      checkFeatures(mean(['age'], { op: 'eq', left: { op: 'feature', name: 'sex' }, right: { op: 'value', value: 'f' } }), sites),
    ).not.toThrow()
  })

  it('names the sites that lack a feature, before anything runs', () => {
    expect(() =>
      checkFeatures(mean(['age'], { op: 'not', condition: { op: 'isNull', operand: { op: 'feature', name: 'ward' } } }), sites),
    ).toThrow(
      /steps\[0\]\.operation\.query\.stages\[0\]\.condition\.condition\.operand: there is no feature "ward" \(at north\/table\)/,
    )
  })

  it('says so when no site has a feature (C3)', () => {
    expect(() => checkFeatures(mean(['heigth']), sites)).toThrow(/there is no feature "heigth" \(at every data source\)/)
  })

  it('refuses the mean of a feature that is text somewhere', () => {
    expect(() => checkFeatures(mean(['sex']), sites)).toThrow(/"sex" is of type string, not numeric \(at every data source\)/)
  })

  it('takes a feature without any value for whatever it is elsewhere, in a statistic', () => {
    const empty = site('west', { age: 'null', sex: 'null', ward: 'null' })
    expect(() => checkFeatures(mean(['age']), [...sites, empty])).not.toThrow()
    const missing = (feature: string): Artifact => ({
      label: '',
      steps: [
        parallel({ kind: 'Estimate', estimator: { kind: 'Missing', features: [feature] }, query: { kind: 'Query', stages: [] } }),
      ],
    })
    expect(() => checkFeatures(missing('age'), [...sites, empty])).not.toThrow()
    expect(() => checkFeatures(missing('sex'), [...sites, empty])).not.toThrow()
    expect(() => checkFeatures(mean(['sex']), [...sites, empty])).toThrow(
      /"sex" is of type string.*\(at north\/table, south\/table\)/,
    )
  })

  it('says of a feature without any value that its owner declares it, where a model would learn from it', () => {
    const empty = site('west', { age: 'null', sex: 'string' })
    const trained: Artifact = { label: '', steps: [train('sex', [{ kind: 'Select', features: ['age', 'sex'] }])] }
    expect(() => checkFeatures(trained, [empty])).toThrow(/"age" has no value in any record there.*its owner declares it/)
  })

  it('suggests the name that is nearest to a mistyped one', () => {
    expect(() => checkFeatures(mean(['agee']), sites)).toThrow(/did you mean "age"\?/)
  })

  it('types a query stage by stage, so what is dropped is gone and what is derived is there', () => {
    const stages: Stage[] = [
      { kind: 'Derive', feature: 'decades', expression: call('divide', 'age', 10) },
      { kind: 'Drop', features: ['age'] },
    ]
    expect(() => checkFeatures(planOf(stages, ['decades']), sites)).not.toThrow()
    expect(() => checkFeatures(planOf(stages, ['age']), sites)).toThrow(/there is no feature "age"/)
  })

  it('refuses a label that is a number here and a text there, since no site could tell', () => {
    const differing = [site('north', { age: 'float', outcome: 'integer' }), site('south', { age: 'float', outcome: 'string' })]
    expect(() => checkFeatures({ label: '', steps: [train('outcome')] }, differing)).toThrow(
      /"outcome" is not the same everywhere: integer at north\/table; string at south\/table/,
    )
    expect(() => checkFeatures({ label: '', steps: [train('age')] }, sites)).not.toThrow()
  })

  it('looks into the steps of an Iterate too', () => {
    const plan: Artifact = { label: '', steps: [{ kind: 'Iterate', rounds: 2, steps: mean(['heigth']).steps }] }
    expect(() => checkFeatures(plan, sites)).toThrow(/steps\[0\]\.steps\[0\]\.operation\.estimator\.features/)
  })

  it('passes over a source that its owner can not read: its job fails with its own reason', () => {
    expect(() => checkFeatures(mean(['age']), [...sites, site('east', {}, true)])).not.toThrow()
  })
})

function planOf(stages: Stage[], features: string[]): Artifact {
  return {
    label: '',
    steps: [parallel({ kind: 'Estimate', estimator: { kind: 'Mean', features }, query: { kind: 'Query', stages } })],
  }
}

function estimate(features: string[], condition?: Expression): Step {
  return planOf(condition ? [{ kind: 'Filter', condition }] : [], features).steps[0]!
}

function train(label: string, selected: Stage[] = []): Step {
  const stages: Stage[] = [...selected, { kind: 'FederatedSplitter', testSize: 0.25, stratify: true, randomState: 0 }]
  const model = modelSchema.parse({ kind: 'FederatedRandomForestClassifier' })
  return parallel({ kind: 'TrainTest', model, label, query: { kind: 'Query', stages } })
}

function parallel(operation: Operation): Step {
  return { kind: 'Parallel', operation, distribution: { kind: 'Collect' } }
}

function call(name: FunctionName, feature: string, constant: number): Expression {
  return {
    op: 'call',
    function: name,
    arguments: [
      { op: 'feature', name: feature },
      { op: 'value', value: constant },
    ],
  }
}
