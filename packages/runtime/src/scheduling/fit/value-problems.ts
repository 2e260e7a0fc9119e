import {
  columnTransformersOf,
  groupKeysOf,
  isTime,
  keyValueOf,
  type Scalar,
  type TypedFeature,
  type TypingProblem,
} from '@flotta/contract'
import { columnsBehind } from './columns-behind.ts'
import type { DataOperation } from './feature-uses.ts'
import { requiredValues } from './required-values.ts'

/** Most categories that a message names. */
const NAMED = 10

/**
 * Where a query asks for categories of which its owner declares that they never occur: it selects nothing there, and a site that
 * selects nothing refuses.
 *
 * @param levels the categories that the owner declares, by column
 */
export function absentCategories(
  { operation, path }: DataOperation,
  levels: ReadonlyMap<string, readonly string[]>,
): TypingProblem[] {
  const problems: TypingProblem[] = []
  columnsBehind(operation.query, (condition, stage, columnOf) => {
    for (const { feature, values } of requiredValues(condition)) {
      const declared = levels.get(columnOf(feature) ?? '')
      if (declared === undefined || values.some((value) => declared.includes(String(value)))) continue
      problems.push({
        code: 'unsuitable_feature',
        path: `${path}.query.stages[${stage}].condition`,
        message: `"${feature}" is never ${quoted(values)}, so nothing would be selected; it may be ${quoted(declared)}`,
      })
    }
  })
  return problems
}

/** Values of keys that no record would ever have, since they are not of the type of their feature; and those that are there twice. */
export function mistypedValues({ operation, path, levels }: DataOperation, offered: readonly TypedFeature[]): TypingProblem[] {
  if (operation.kind !== 'Estimate') return []
  const equals = groupKeysOf(operation.estimator).flatMap((key) =>
    'equals' in key ? [{ feature: key.feature, values: [key.equals], path: `${path}.estimator` }] : [],
  )
  return [...equals, ...levels].flatMap(({ feature, values, path: place }): TypingProblem[] => {
    const type = offered.find(({ name }) => name === feature)?.type
    if (type === undefined) return []
    const meant = values.map((value) => keyValueOf(value, type))
    const wrong = values.filter((_, index) => meant[index] === undefined)
    const again = values.filter((_, index) => meant[index] !== undefined && meant.indexOf(meant[index]) !== index)
    const refuse = (message: string): TypingProblem => ({ code: 'unsuitable_feature', path: place, message })
    return [
      ...(wrong.length > 0 ? [refuse(`"${feature}" is of type ${type}, and never ${quoted(wrong)}`)] : []),
      ...(again.length > 0
        ? [refuse(`${quoted(again)} of "${feature}" is there twice: it is another text of the same time`)]
        : []),
    ]
  })
}

/** Categories of dates and times that transformers name in another text than records have: they would be taken for unknown ones. */
export function mistypedCategories({ operation, path }: DataOperation, offered: readonly TypedFeature[]): TypingProblem[] {
  const times = new Map(offered.flatMap(({ name, type }) => (isTime(type) ? [[name, type] as const] : [])))
  return columnTransformersOf(operation.query.stages).flatMap((transformer) => {
    const categories = 'categories' in transformer ? (transformer.categories ?? []) : []
    return categories.flatMap((values, index): TypingProblem[] => {
      const feature = transformer.features?.[index] ?? ''
      const type = times.get(feature)
      const wrong = type === undefined ? [] : values.filter((value) => keyValueOf(value, type) !== value)
      if (wrong.length === 0) return []
      const message = `"${feature}" is of type ${type}, and is never written as ${quoted(wrong)}, but as 2020-01-31 or 2020-01-31 09:30:00`
      return [{ code: 'unsuitable_feature', path: `${path}.query.stages`, message }]
    })
  })
}

function quoted(values: readonly Scalar[]): string {
  const named = values.slice(0, NAMED).map((value) => JSON.stringify(value))
  return named.join(', ') + (values.length > NAMED ? ` or ${values.length - NAMED} others` : '')
}
