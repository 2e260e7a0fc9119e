import type { Scalar } from '../expression.ts'
import { type ColumnType, isNumericType } from '../feature-type.ts'
import { canonicalTime } from './literal.ts'
import { isTime } from './reconcile.ts'

/**
 * The value of a feature of this type that a plan names so, as it stands in keys, categories and results: a point in time in its one text, all
 * else as it is. Undefined where no record could have it, since it is of another type, and for whole numbers beyond 2⁵³, of which a double can't
 * say which one is meant.
 */
export function keyValueOf(value: Scalar, type: ColumnType): Scalar | undefined {
  if (type === 'null') return value
  if (isTime(type)) return typeof value === 'string' ? canonicalTime(value) : undefined
  if (type === 'integer' && !isExact(value)) return undefined
  return typeof value === writtenAs(type) ? value : undefined
}

function isExact(value: Scalar): boolean {
  return typeof value !== 'number' || Math.abs(value) <= Number.MAX_SAFE_INTEGER
}

function writtenAs(type: ColumnType): 'boolean' | 'number' | 'string' {
  if (type === 'boolean') return 'boolean'
  return isNumericType(type) ? 'number' : 'string'
}
