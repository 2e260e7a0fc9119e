import { MAX_MAGNITUDE } from '@flotta/algorithms'
import type { FunctionName, Scalar, TypedExpression } from '@flotta/contract'
import { quoteName } from '../sql-text.ts'
import type { Fragment, Layers } from './layers.ts'
import { sqlTypes } from './sql-types.ts'

const operators = { eq: '=', ne: '<>', lt: '<', le: '<=', gt: '>', ge: '>=' } as const

/** Collects the values that a statement binds, and gives the placeholder of each. */
export type Bind = (value: Scalar) => string

/** An expression as SQL: names quoted, values bound with their types, SQL's logic of three values. */
export function compileExpression(expression: TypedExpression, layers: Layers, bind: Bind): Fragment {
  const compile = (part: TypedExpression) => compileExpression(part, layers, bind)
  const constant = (value: Scalar, type: TypedExpression['type']) => `CAST(${bind(value)} AS ${sqlTypes[type]})`
  switch (expression.op) {
    case 'feature':
      return { sql: quoteName(expression.name), layer: 0, atom: true }
    case 'value':
      return { sql: constant(expression.value, expression.type), layer: 0, atom: true }
    case 'convert':
      return write([compile(expression.operand)], ([operand]) => `CAST(${operand} AS ${sqlTypes[expression.type]})`)
    case 'eq':
    case 'ne':
    case 'lt':
    case 'le':
    case 'gt':
    case 'ge':
      return write(
        [compile(expression.left), compile(expression.right)],
        ([left, right]) => `(${left} ${operators[expression.op]} ${right})`,
      )
    case 'between':
      return write(
        [compile(expression.operand), compile(expression.lower), compile(expression.upper)],
        ([operand, lower, upper]) => `(${operand} BETWEEN ${lower} AND ${upper})`,
      )
    case 'in':
      return write(
        [compile(expression.operand), ...expression.values.map(compile)],
        ([operand, ...values]) => `(${operand} IN (${values.join(', ')}))`,
      )
    case 'like':
      return write([compile(expression.operand)], ([operand]) => `(${operand} LIKE ${bind(expression.pattern)} ESCAPE '\\')`)
    case 'isNull':
      return write([compile(expression.operand)], ([operand]) => `(${operand} IS NULL)`)
    case 'and':
    case 'or':
      return write(expression.conditions.map(compile), (parts) => `(${parts.join(expression.op === 'and' ? ' AND ' : ' OR ')})`)
    case 'not':
      return write([compile(expression.condition)], ([condition]) => `(NOT ${condition})`)
    case 'bins':
      return write([layers.name(compile(expression.operand))], ([operand]) => {
        const cases = expression.edges.map((edge, index) => `WHEN ${operand} < ${constant(edge, 'float')} THEN ${index}`)
        return `CAST(CASE WHEN ${operand} IS NULL THEN NULL ${cases.join(' ')} ELSE ${expression.edges.length} END AS BIGINT)`
      })
    case 'case': {
      const cases = expression.cases.map(({ when, result }) =>
        write([compile(when), compile(result)], ([condition, value]) => `WHEN ${condition} THEN ${value}`),
      )
      const otherwise = expression.otherwise && write([compile(expression.otherwise)], ([value]) => `ELSE ${value}`)
      return write(otherwise ? [...cases, otherwise] : cases, (parts) => `CASE ${parts.join(' ')} END`)
    }
    case 'call': {
      const { name, sql } = calls[expression.function]
      const parts = expression.arguments.map(compile)
      const result = write(name ? parts.map((part) => layers.name(part)) : parts, sql)
      return finiteResults.has(expression.function) ? finite(layers.name(result)) : result
    }
    default:
      return expression satisfies never
  }
}

interface Call {
  /** Whether the SQL repeats an argument. */
  readonly name?: true
  readonly sql: (parts: readonly string[]) => string
}

const named = (name: string): Call => ({ sql: (parts) => `${name}(${parts.join(', ')})` })
const operator = (symbol: string): Call => ({ sql: (parts) => `(${parts.join(` ${symbol} `)})` })
const part = (name: string): Call => ({ sql: ([time]) => `CAST(${name}(${time}) AS BIGINT)` })

/** Each function as SQL. Where the database would raise an error, the value is missing. */
const calls: Readonly<Record<FunctionName, Call>> = {
  add: operator('+'),
  subtract: operator('-'),
  multiply: operator('*'),
  divide: operator('/'),
  modulo: operator('%'),
  power: named('pow'),
  abs: named('abs'),
  sqrt: { name: true, sql: ([x]) => `CASE WHEN ${x} >= 0 THEN sqrt(${x}) END` },
  exp: named('exp'),
  log: { name: true, sql: ([x]) => `CASE WHEN ${x} > 0 THEN ln(${x}) END` },
  log10: { name: true, sql: ([x]) => `CASE WHEN ${x} > 0 THEN log10(${x}) END` },
  round: named('round'),
  floor: named('floor'),
  ceil: named('ceil'),
  least: named('least'),
  greatest: named('greatest'),
  coalesce: named('coalesce'),
  year: part('year'),
  month: part('month'),
  day: part('day'),
  age: { sql: ([from, to]) => `date_sub('year', CAST(${from} AS DATE), CAST(${to} AS DATE))` },
  lower: named('lower'),
  upper: named('upper'),
  trim: { sql: ([text]) => `trim(${text}, ' ')` },
  length: named('length'),
}

/** Functions whose result may be infinite, not a number, or larger than any measured value. */
const finiteResults: ReadonlySet<FunctionName> = new Set(['add', 'subtract', 'multiply', 'divide', 'modulo', 'power', 'exp'])

function finite({ sql, layer }: Fragment): Fragment {
  return { sql: `CASE WHEN abs(${sql}) <= ${MAX_MAGNITUDE} THEN ${sql} END`, layer, atom: false }
}

function write(parts: readonly Fragment[], sql: (parts: readonly string[]) => string): Fragment {
  return { sql: sql(parts.map((fragment) => fragment.sql)), layer: Math.max(0, ...parts.map(({ layer }) => layer)), atom: false }
}
