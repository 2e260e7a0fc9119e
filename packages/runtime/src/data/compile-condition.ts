import { type Condition, FlottaError, isNumericType, type Scalar } from '@flotta/contract'
import type { Column } from './feature-type.ts'
import { quoteName } from './sql-text.ts'

const operators = { eq: '=', ne: '<>', lt: '<', le: '<=', gt: '>', ge: '>=' } as const

/** Collects the values that a statement binds, and gives the placeholder of each. */
export type Bind = (value: Scalar) => string

/**
 * A condition as SQL: names quoted and checked against the columns, values bound, SQL's logic of three values.
 *
 * @throws {FlottaError} `unknown_feature`, or `unsuitable_feature` where a value is of another type than its column (C3, C16)
 */
export function compileCondition(condition: Condition, columns: readonly Column[], bind: Bind): string {
  const column = (name: string) => findColumn(name, columns)
  const value = (target: Column, scalar: Scalar) => bound(target, scalar, bind)
  switch (condition.op) {
    case 'and':
    case 'or': {
      const parts = condition.conditions.map((part) => compileCondition(part, columns, bind))
      return `(${parts.join(condition.op === 'and' ? ' AND ' : ' OR ')})`
    }
    case 'not':
      return `(NOT ${compileCondition(condition.condition, columns, bind)})`
    case 'isNull':
      return `(${quoteName(column(condition.feature).name)} IS NULL)`
    case 'like': {
      const target = column(condition.feature)
      if (target.type !== 'string') throw unsuitable(target, 'a pattern')
      return `(${quoteName(target.name)} LIKE ${bind(condition.pattern)} ESCAPE '\\')`
    }
    case 'between': {
      const target = column(condition.feature)
      return `(${quoteName(target.name)} BETWEEN ${value(target, condition.lower)} AND ${value(target, condition.upper)})`
    }
    case 'in': {
      const target = column(condition.feature)
      return `(${quoteName(target.name)} IN (${condition.values.map((scalar) => value(target, scalar)).join(', ')}))`
    }
    case 'eq':
    case 'ne':
    case 'lt':
    case 'le':
    case 'gt':
    case 'ge': {
      const target = column(condition.feature)
      return `(${quoteName(target.name)} ${operators[condition.op]} ${value(target, condition.value)})`
    }
    default:
      return condition satisfies never
  }
}

/** @throws {FlottaError} `unknown_feature` */
export function findColumn(name: string, columns: readonly Column[]): Column {
  const column = columns.find((candidate) => candidate.name === name)
  if (column === undefined) throw new FlottaError('unknown_feature', `There is no feature "${name}".`)
  return column
}

function bound(column: Column, scalar: Scalar, bind: Bind): string {
  const placeholder = () => bind(scalar)
  if (isNumericType(column.type) && column.type !== 'boolean' && typeof scalar === 'number') return placeholder()
  if (column.type === 'boolean' && typeof scalar === 'boolean') return placeholder()
  if (column.type === 'string' && typeof scalar === 'string') return placeholder()
  if (column.type === 'date' && typeof scalar === 'string' && isIsoTime(scalar)) return `CAST(${placeholder()} AS TIMESTAMP)`
  if (column.type === 'timestamp' && typeof scalar === 'string' && isIsoTime(scalar)) return `CAST(${placeholder()} AS TIMESTAMP)`
  throw unsuitable(column, `a ${typeof scalar}`)
}

function isIsoTime(text: string): boolean {
  return (
    /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)?$/.test(text) && !Number.isNaN(Date.parse(text.slice(0, 10)))
  )
}

function unsuitable(column: Column, what: string): FlottaError {
  return new FlottaError('unsuitable_feature', `"${column.name}" is of type ${column.type} and can not be compared with ${what}.`)
}
