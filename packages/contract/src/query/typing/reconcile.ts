import type { ColumnType } from '../feature-type.ts'
import { timeTypeOf } from './literal.ts'
import type { TypedExpression } from './typed-expression.ts'

/**
 * The type that values of all these types can take without a loss, if there is one: integers become floats, dates their midnights. What has no
 * values has the type of the others.
 */
export function commonType(types: readonly ColumnType[]): ColumnType | undefined {
  const [first, ...others] = [...new Set(types.filter((type) => type !== 'null'))]
  if (first === undefined) return types[0]
  if (others.length === 0) return first
  const all = [first, ...others]
  if (all.every((type) => type === 'integer' || type === 'float')) return 'float'
  return all.every((type) => type === 'date' || type === 'timestamp') ? 'timestamp' : undefined
}

/** Expressions brought to the type that they have in common; undefined where there is none. Texts next to times are read as times. */
export function reconcile(parts: readonly TypedExpression[]): TypedExpression[] | undefined {
  const timed = parts.some(({ type }) => isTime(type)) ? parts.map(asTime) : parts
  const type = commonType(timed.map((part) => part.type))
  return type && timed.map((part) => convert(part, type))
}

export function isTime(type: ColumnType): type is 'date' | 'timestamp' {
  return type === 'date' || type === 'timestamp'
}

/** What has no values as a part of this type; undefined for a part of another one. */
export function fitted(part: TypedExpression, type: ColumnType): TypedExpression | undefined {
  return part.type === type || part.type === 'null' ? convert(part, type) : undefined
}

/** A constant text that is a date or a time, as one. */
export function asTime(part: TypedExpression): TypedExpression {
  const type = part.op === 'value' && typeof part.value === 'string' ? timeTypeOf(part.value) : undefined
  return type === undefined ? part : { ...part, type }
}

export function convert(operand: TypedExpression, type: ColumnType): TypedExpression {
  if (operand.type === type) return operand
  return operand.op === 'value' ? { ...operand, type } : { op: 'convert', operand, type }
}
