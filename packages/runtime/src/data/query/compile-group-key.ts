import type { KeyValue } from '@flotta/algorithms'
import { type ColumnType, type GroupKey, isNumericType, isTime, keyValueOf } from '@flotta/contract'
import { quoteName } from '../sql-text.ts'
import type { Bind } from './compile-expression.ts'
import { timeText } from './time-text.ts'

/** A key of groups as SQL. */
export interface CompiledGroupKey {
  /** What records are grouped by. */
  readonly expression: string
  /** The value of a group: a double, or text. */
  readonly value: string
  readonly isNumber: boolean
  /** What that value means; a missing number is NaN. */
  readonly decode: (value: number | string | null) => KeyValue
}

/** @param type that of the key's feature */
export function compileGroupKey(key: GroupKey, type: ColumnType, bind: Bind): CompiledGroupKey {
  const column = quoteName(key.feature)
  if ('edges' in key) return binKey(`CAST(${column} AS DOUBLE)`, key.edges, bind)
  if ('equals' in key) return equalsKey(column, key.equals, type, bind)
  if (!isNumericType(type)) {
    const value = isTime(type) ? timeText(column) : column
    return { expression: column, value, isNumber: false, decode: (text) => text }
  }
  const expression = `CAST(${column} AS DOUBLE)`
  const decode = type === 'boolean' ? (value: number) => value === 1 : (value: number) => value
  return numberKey(expression, decode)
}

/** Equality of the same type: a text is never equal to a number. */
function equalsKey(column: string, equals: string | number | boolean, type: ColumnType, bind: Bind): CompiledGroupKey {
  const isEqual = () => {
    const value = keyValueOf(equals, type)
    if (value === undefined || type === 'null') return 'false'
    if (isTime(type)) return `${column} = CAST(${bind(value)} AS TIMESTAMP)`
    return typeof value === 'number' ? `CAST(${column} AS DOUBLE) = ${bind(value)}` : `${column} = ${bind(value)}`
  }
  const expression = `CASE WHEN ${column} IS NULL THEN NULL WHEN ${isEqual()} THEN 1.0::DOUBLE ELSE 0.0::DOUBLE END`
  return numberKey(expression, (equal) => equal === 1)
}

const OUTSIDE = -1

/** The bin with lower edge ≤ value < upper edge, the last one with its upper edge. */
function binKey(value: string, edges: readonly number[], bind: Bind): CompiledGroupKey {
  const bound = edges.map((edge) => `CAST(${bind(edge)} AS DOUBLE)`)
  const binFrom = (first: number, last: number): string => {
    if (first === last) return String(first)
    const middle = (first + last + 1) >> 1
    return `CASE WHEN ${value} < ${bound[middle]} THEN ${binFrom(first, middle - 1)} ELSE ${binFrom(middle, last)} END`
  }
  const isOutside = `${value} < ${bound[0]} OR ${value} > ${bound.at(-1)}`
  const expression = `CAST(CASE WHEN ${value} IS NULL THEN NULL WHEN ${isOutside} THEN ${OUTSIDE} ELSE ${binFrom(0, edges.length - 2)} END AS DOUBLE)`
  return numberKey(expression, (bin) => (bin === OUTSIDE ? 'outside' : bin))
}

function numberKey(expression: string, decode: (value: number) => KeyValue): CompiledGroupKey {
  return {
    expression,
    value: expression,
    isNumber: true,
    decode: (value) => (typeof value !== 'number' || Number.isNaN(value) ? null : decode(value)),
  }
}
