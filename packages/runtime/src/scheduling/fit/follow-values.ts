import { type EstimatorOf, hasNumbersAtMost, type TypedFeature, type TypingProblem } from '@flotta/contract'
import { codedOtherwise, negativeTimes } from '../../plan/follow-problems.ts'
import { columnsBehind } from './columns-behind.ts'
import type { DataOperation } from './feature-uses.ts'
import type { PublishedFeature } from './published-feature.ts'

/**
 * Where the type or the published mean of a survival's event or time tells that it can't be one. A mean is of all records: behind a
 * Filter the site looks for itself, when it computes.
 */
export function unfitFollows(
  { operation, path }: DataOperation,
  offered: readonly TypedFeature[],
  published: readonly PublishedFeature[],
): TypingProblem[] {
  if (operation.kind !== 'Estimate' || operation.estimator.kind !== 'KaplanMeier') return []
  const { time, event }: EstimatorOf<'KaplanMeier'> = operation.estimator
  const filtered = operation.query.stages.some(({ kind }) => kind === 'Filter')
  const columnOf = columnsBehind(operation.query)
  const meanOf = (feature: string) => (filtered ? null : published.find(({ name }) => name === columnOf(feature))?.mean) ?? null
  const problem = (place: string, message: string): TypingProblem => ({
    code: 'unsuitable_feature',
    path: `${path}.estimator.${place}`,
    message,
  })
  const type = offered.find(({ name }) => name === event)?.type
  const mean = meanOf(event) ?? 0
  const miscoded = (type !== undefined && !hasNumbersAtMost(type)) || mean < 0 || mean > 1
  return [
    ...(miscoded ? [problem('event', codedOtherwise(event))] : []),
    ...((meanOf(time) ?? 0) < 0 ? [problem('time', negativeTimes(time))] : []),
  ]
}
