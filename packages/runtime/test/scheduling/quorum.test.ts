import type { Step } from '@flotta/contract'
import { describe, expect, it } from 'vitest'
import { planOf } from './support/context.ts'
import { count, finalize, iterate, merge, parallel, secureSum } from './support/steps.ts'

const quorum = (
  options: { minWorkers?: number; timeoutS?: number },
  distribution: 'Collect' | 'Distribute' | 'Arrange' = 'Collect',
) => ({ ...parallel(distribution, distribution === 'Collect' ? count : undefined), ...options }) as Step

const issuesOf = (plan: () => unknown) => {
  try {
    plan()
  } catch (error) {
    const { code, issues } = error as { code: string; issues: { path: string }[] }
    return [code, ...issues.map(({ path }) => path)]
  }
  return []
}

describe('a quorum', () => {
  it('is everybody, without a time limit, unless the step says otherwise', () => {
    expect(planOf([quorum({}), finalize(merge)]).barriers).toEqual([{ index: 0, needed: 3, timeoutMs: undefined }])
  })

  it('is how many the barrier after the step needs, and how long it waits for the others', () => {
    const { barriers } = planOf([quorum({ minWorkers: 2, timeoutS: 60 }), finalize(merge)])
    expect(barriers).toEqual([{ index: 0, needed: 2, timeoutMs: 60_000 }])
  })

  it('holds in each round', () => {
    const { barriers } = planOf([iterate(2, [{ ...parallel('Collect'), minWorkers: 2 } as Step, finalize()])])
    expect(barriers.map(({ needed }) => needed)).toEqual([2, 1, 2])
  })

  it('that the workers of the project can never make is refused, with the place and the figures', () => {
    expect(issuesOf(() => planOf([quorum({ minWorkers: 4 }), finalize(merge)]))).toEqual([
      'quorum_not_met',
      'steps[0].minWorkers',
    ])
    expect(issuesOf(() => planOf([quorum({ minWorkers: 3 }), finalize(merge)]))).toEqual([])
  })

  it('of a secure sum is three, with the reason: of fewer the sum would tell one of them what another added', () => {
    expect(issuesOf(() => planOf([secureSum(), finalize(merge)], 2))).toEqual(['quorum_not_met', 'steps[0]'])
    expect(issuesOf(() => planOf([secureSum(), finalize(merge)], 3))).toEqual([])
  })

  it('of a secure sum is each worker in its turn, which may have a time limit', () => {
    const { barriers } = planOf([{ ...secureSum(), timeoutS: 60 } as Step, finalize(merge)])
    expect(barriers.map(({ needed, timeoutMs }) => [needed, timeoutMs])).toEqual(new Array(5).fill([1, 60_000]))
  })

  it('is refused where each worker goes on by itself', () => {
    const plan = () => planOf([quorum({ minWorkers: 2 }, 'Arrange'), parallel('Collect'), finalize()])
    expect(issuesOf(plan)).toEqual(['invalid_artifact', 'steps[0].distribution'])
  })
})
