import type { Expression, Scalar } from '@flotta/contract'

/** A feature that has one of some values in every record that a condition holds for. */
export interface RequiredValues {
  readonly feature: string
  readonly values: readonly Scalar[]
}

/** What a condition certainly requires: comparisons for equality that stand alone or are joined by `and`. */
export function requiredValues(condition: Expression): RequiredValues[] {
  switch (condition.op) {
    case 'and':
      return condition.conditions.flatMap(requiredValues)
    case 'eq':
      return [...equality(condition.left, condition.right), ...equality(condition.right, condition.left)]
    case 'in':
      return condition.operand.op === 'feature' ? [{ feature: condition.operand.name, values: condition.values }] : []
    default:
      return []
  }
}

function equality(left: Expression, right: Expression): RequiredValues[] {
  return left.op === 'feature' && right.op === 'value' ? [{ feature: left.name, values: [right.value] }] : []
}
