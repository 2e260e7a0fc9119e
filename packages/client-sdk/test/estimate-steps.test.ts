import { artifactSchema } from '@flotta/contract'
import { describe, expect, it } from 'vitest'
import { bins, Count, equals, Filter, feature, GroupBy, Mean, Query } from '../src/index.ts'

const query = Query([Filter(feature('age').ge(18))])
const levels = { ward: ['a', 'b'], sex: ['f', 'm'], age: [1, 2] }

describe('the steps of an estimator', () => {
  it('are summaries that meet at the node, unless told otherwise', () => {
    const steps = Count().getSteps(query)
    expect(steps.map(({ kind }) => kind)).toEqual(['Parallel', 'Finalize'])
    expect(Count().getSteps(query, { route: 'summaries', levels })).toEqual(steps)
  })

  it('by the route secure-sum go round under a mask, with the values of those keys alone that are features by their values', () => {
    const groups = GroupBy({
      keys: ['ward', equals('sex', 'f'), bins('age', [0, 40, 80])],
      statistics: [Mean({ features: ['age'] })],
    })
    const [sum, merge] = groups.getSteps(query, { route: 'secure-sum', levels })
    expect(sum).toMatchObject({ kind: 'SecureSum', levels: [{ feature: 'ward', values: ['a', 'b'] }], operation: { query } })
    expect(merge?.kind).toBe('Finalize')
    expect(artifactSchema.safeParse({ label: '', steps: [sum, merge] }).success).toBe(true)
  })

  it('wait for sites as long as they are told: for all of them, or for each in its turn', () => {
    const [parallel] = Count().getSteps(query, { timeoutS: 60 })
    const [sum] = Count().getSteps(query, { route: 'secure-sum', timeoutS: 60 })
    expect(parallel).toMatchObject({ kind: 'Parallel', timeoutS: 60 })
    expect(sum).toMatchObject({ kind: 'SecureSum', timeoutS: 60 })
    expect(Count().getSteps(query)[0]).not.toHaveProperty('timeoutS')
  })

  it('leave out what nobody has agreed on, for the node to say what is missing', () => {
    const [sum] = GroupBy({ keys: ['ward', 'toString'] }).getSteps(query, { route: 'secure-sum' })
    expect(sum).toMatchObject({ kind: 'SecureSum', levels: [] })
  })
})
