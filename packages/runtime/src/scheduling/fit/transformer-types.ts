import { type ColumnType, columnTypeProblems } from '@flotta/algorithms'
import { columnTransformersOf, isNumericType, type TypedFeature, type TypingProblem } from '@flotta/contract'
import { learnedFeatures } from '../../plan/learned-features.ts'
import type { DataOperation } from './feature-uses.ts'
import { noValue } from './no-value.ts'

/** Why the transformers of an operation do not suit the features that its query offers, as far as types tell. */
export function transformerTypeProblems({ operation, path }: DataOperation, offered: readonly TypedFeature[]): TypingProblem[] {
  if (!('label' in operation)) return []
  const transformers = columnTransformersOf(operation.query.stages)
  if (transformers.length === 0) return []
  const types = learnedFeatures(operation, offered).map(({ name, type }): [string, ColumnType] => [
    name,
    isNumericType(type) ? 'numbers' : 'texts',
  ])
  const empty = new Set(offered.filter(({ type }) => type === 'null').map(({ name }) => name))
  return columnTypeProblems(new Map(types), transformers).map(({ feature, reason }) => ({
    code: 'unsuitable_feature',
    path: `${path}.query.stages`,
    message: empty.has(feature) ? `"${feature}" ${noValue}` : reason,
  }))
}
