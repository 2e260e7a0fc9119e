import { describe, expect, it } from 'vitest'
import { columnTransformerSchema, estimatorSchema, issuesOf, stageSchema } from '../src/index.ts'

/** Every part of the plan language that takes a list of features: found in the schemas, so that a new one is not forgotten. */
const takers = [...estimatorSchema.options, ...columnTransformerSchema.options, ...stageSchema.options].flatMap(({ shape }) =>
  'features' in shape ? [{ kind: shape.kind.value, features: shape.features }] : [],
)

describe('a list of features', () => {
  it('is taken by estimators, transformers and relational stages', () => {
    const kinds = takers.map(({ kind }) => kind)
    expect(kinds).toEqual(expect.arrayContaining(['Mean', 'Covariance', 'FederatedStandardScaler', 'Select', 'Drop']))
  })

  it.each(takers)('names each feature once: $kind', ({ features }) => {
    expect(features.safeParse(['x', 'y']).success).toBe(true)
    const refused = features.safeParse(['x', 'y', 'x', 'x'])
    expect(refused.error?.issues.map(({ message }) => message)).toEqual(['the feature "x" is named more than once'])
  })

  it.each([
    ['the keys of a GroupBy', { kind: 'GroupBy', keys: [{ feature: 'g' }, { feature: 'g' }] }, 'keys'],
    [
      'the features of a statistic by group',
      { kind: 'GroupBy', keys: [{ feature: 'g' }], statistics: [{ kind: 'Mean', features: ['x', 'x'] }] },
      'statistics[0].features',
    ],
    ['the time as the event', { kind: 'KaplanMeier', time: 'x', event: 'x', grid: [1] }, 'event'],
  ])('likewise %s', (_, estimator, path) => {
    const refused = estimatorSchema.safeParse(estimator)
    expect(refused.error && issuesOf(refused.error, 'part')).toEqual([expect.objectContaining({ path: `part.${path}` })])
  })

  it('may group by one feature in two ways', () => {
    const keys = [{ feature: 'x' }, { feature: 'x', edges: [0, 1] }]
    expect(estimatorSchema.safeParse({ kind: 'GroupBy', keys }).success).toBe(true)
  })

  it('the categories that an encoder declares are each named once', () => {
    const refused = columnTransformerSchema.safeParse({
      kind: 'FederatedOneHotEncoder',
      features: ['t'],
      categories: [['a', 'b', 'a']],
    })
    expect(refused.error && issuesOf(refused.error, 'part')).toEqual([
      { path: 'part.categories[0]', message: 'the category "a" is named more than once' },
    ])
  })
})
