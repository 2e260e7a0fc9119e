import { anova, type GroupTableState, type Moments, tTest } from '@flotta/algorithms'
import type { EstimatorOf, StatisticValueOf } from '@flotta/contract'

/** A test of a feature between groups, or the reason why there is none. */
type Outcome<Kind extends 'TTest' | 'Anova'> = Pick<StatisticValueOf<Kind>, 'test' | 'untested'>

export function testOfTwo(table: GroupTableState, { equalVariances }: EstimatorOf<'TTest'>): Outcome<'TTest'> {
  const samples = samplesOf(table)
  // More than two are too many, whatever is withheld of them.
  if (samples.length > 2) return { test: null, untested: 'group_count' }
  if (isWithheld(table)) return { test: null, untested: 'withheld' }
  const [first, second] = samples
  if (first === undefined || second === undefined) return { test: null, untested: 'group_count' }
  const test = tTest(first, second, { equalVariances })
  if (typeof test === 'string') return { test: null, untested: test }
  const [low, high] = test.interval
  return { test: { ...test, interval: [low, high] }, untested: null }
}

export function testOfAll(table: GroupTableState): Outcome<'Anova'> {
  if (isWithheld(table)) return { test: null, untested: 'withheld' }
  const test = anova(samplesOf(table))
  return typeof test === 'string' ? { test: null, untested: test } : { test, untested: null }
}

/** The feature's moments in each group that has a key and, as far as sites tell, any value of the feature. */
function samplesOf({ groups }: GroupTableState): Moments[] {
  return groups.flatMap(({ key, columns: [column] }) => {
    const moments = key[0] === null ? null : (column?.moments ?? null)
    return moments === null || moments.count === 0 ? [] : [moments]
  })
}

function isWithheld({ open, groups }: GroupTableState): boolean {
  return open > 0 || groups.some(({ key, columns: [column] }) => key[0] !== null && (column?.withheld ?? 0) > 0)
}
