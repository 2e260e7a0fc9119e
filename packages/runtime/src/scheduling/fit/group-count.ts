import { groupKeysOf, type TypingProblem } from '@flotta/contract'
import { columnsBehind } from './columns-behind.ts'
import type { DataOperation } from './feature-uses.ts'
import type { PublishedFeature } from './published-feature.ts'

/** Where a t-test is asked for between more than two groups: their owner publishes that so many values of the key occur, and none are filtered out. */
export function tooManyGroups({ operation, path }: DataOperation, published: readonly PublishedFeature[]): TypingProblem[] {
  if (operation.kind !== 'Estimate' || operation.estimator.kind !== 'TTest') return []
  const [key] = groupKeysOf(operation.estimator)
  if (key === undefined || 'edges' in key || 'equals' in key) return []
  if (operation.query.stages.some(({ kind }) => kind === 'Filter')) return []
  const column = columnsBehind(operation.query)(key.feature)
  const values = published.find(({ name }) => name === column)?.categories ?? 0
  if (values <= 2) return []
  const message = `a t-test compares two groups, and "${key.feature}" has ${values} values: ask for those with one of them and all others by equals('${key.feature}', <value>), choose two by a Filter, or compare all by Anova`
  return [{ code: 'unsuitable_feature', path: `${path}.estimator.group.feature`, message }]
}
