import { groupKeysOf, isNumericType, type Scalar, type TypedFeature, type TypingProblem } from '@flotta/contract'
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

/** Values of keys that are not of the type of their feature: no record would ever have them. */
export function mistypedValues({ operation, path, levels }: DataOperation, offered: readonly TypedFeature[]): TypingProblem[] {
  if (operation.kind !== 'Estimate') return []
  const equals = groupKeysOf(operation.estimator).flatMap((key) =>
    'equals' in key ? [{ feature: key.feature, values: [key.equals], path: `${path}.estimator` }] : [],
  )
  return [...equals, ...levels].flatMap(({ feature, values, path: place }): TypingProblem[] => {
    const type = offered.find(({ name }) => name === feature)?.type
    const wrong = type === undefined ? [] : values.filter((value) => typeof value !== valueTypeOf(type))
    if (wrong.length === 0) return []
    return [{ code: 'unsuitable_feature', path: place, message: `"${feature}" is of type ${type}, and never ${quoted(wrong)}` }]
  })
}

/** How a value of a key is written: numbers and truth values as such, all else as text. */
function valueTypeOf(type: TypedFeature['type']): 'boolean' | 'number' | 'string' {
  if (type === 'boolean') return 'boolean'
  return isNumericType(type) ? 'number' : 'string'
}

function quoted(values: readonly Scalar[]): string {
  const named = values.slice(0, NAMED).map((value) => JSON.stringify(value))
  return named.join(', ') + (values.length > NAMED ? ` or ${values.length - NAMED} others` : '')
}
