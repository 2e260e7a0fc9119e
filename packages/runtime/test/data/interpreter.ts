import { MAX_MAGNITUDE } from '@flotta/algorithms'
import type { FunctionName, Query, Scalar, TypedExpression, TypedFeature } from '@flotta/contract'
import { typeQuery } from '@flotta/contract'

/** A value of one record; null where it is missing. Dates are `2020-02-29`, times `2020-02-29 12:30:00`. */
export type Value = Scalar | null
export type Row = Readonly<Record<string, Value>>

/** What a query selects, computed record by record and without SQL: the meaning that the compiled query must have. */
export function interpret(query: Query, schema: readonly TypedFeature[], rows: readonly Row[]): Row[] {
  const { query: typed, problems } = typeQuery(query, schema)
  if (problems.length > 0) throw new Error(`the query has no meaning: ${problems[0]!.message}`)
  return typed.stages.reduce(
    (selected: Row[], stage) => {
      switch (stage.kind) {
        case 'Filter':
          return selected.filter((row) => evaluate(stage.condition, row) === true)
        case 'Derive':
          return selected.map((row) => ({ ...row, [stage.feature]: evaluate(stage.expression, row) }))
        case 'Project':
          return selected.map((row) =>
            Object.fromEntries(stage.features.map(({ name }, index) => [name, row[stage.sources[index]!]!])),
          )
        default:
          return stage satisfies never
      }
    },
    [...rows],
  )
}

function evaluate(expression: TypedExpression, row: Row): Value {
  const of = (part: TypedExpression) => evaluate(part, row)
  switch (expression.op) {
    case 'feature':
      return row[expression.name]!
    case 'value':
      return expression.type === 'timestamp' ? timestamp(String(expression.value)) : expression.value
    case 'convert': {
      const value = of(expression.operand)
      return value !== null && expression.type === 'timestamp' ? timestamp(String(value)) : value
    }
    case 'eq':
    case 'ne':
    case 'lt':
    case 'le':
    case 'gt':
    case 'ge':
      return lift([of(expression.left), of(expression.right)], ([left, right]) => comparison[expression.op](order(left!, right!)))
    case 'between':
      return conjunction([
        lift([of(expression.operand), of(expression.lower)], ([value, lower]) => order(value!, lower!) >= 0),
        lift([of(expression.operand), of(expression.upper)], ([value, upper]) => order(value!, upper!) <= 0),
      ])
    case 'in':
      return lift([of(expression.operand)], ([value]) => expression.values.some((member) => order(value!, of(member)!) === 0))
    case 'like':
      return lift([of(expression.operand)], ([text]) => patternOf(expression.pattern).test(String(text)))
    case 'isNull':
      return of(expression.operand) === null
    case 'and':
      return conjunction(expression.conditions.map(of))
    case 'or':
      return negation(conjunction(expression.conditions.map((part) => negation(of(part)))))
    case 'not':
      return negation(of(expression.condition))
    case 'bins':
      return lift([of(expression.operand)], ([value]) => expression.edges.filter((edge) => edge <= Number(value)).length)
    case 'case': {
      const found = expression.cases.find(({ when }) => of(when) === true)?.result ?? expression.otherwise
      return found === undefined ? null : of(found)
    }
    case 'call':
      return call(expression.function, expression.arguments.map(of))
    default:
      return expression satisfies never
  }
}

function call(name: FunctionName, values: readonly Value[]): Value {
  const there = values.filter((value) => value !== null)
  if (name === 'coalesce') return there[0] ?? null
  if (name === 'least') return [...there].sort(order)[0] ?? null
  if (name === 'greatest') return [...there].sort(order).at(-1) ?? null
  return lift(values, (all) => {
    const result = functions[name](...all.map((value) => (typeof value === 'number' ? value : String(value))))
    return typeof result === 'number' && !(Math.abs(result) <= MAX_MAGNITUDE) ? null : result
  })
}

// biome-ignore lint/suspicious/noExplicitAny: the type checker has given each function what it takes
const functions: Record<Exclude<FunctionName, 'coalesce' | 'least' | 'greatest'>, (...values: any[]) => number | string> = {
  add: (...all: number[]) => all.reduce((sum, value) => sum + value),
  subtract: (a: number, b: number) => a - b,
  multiply: (...all: number[]) => all.reduce((product, value) => product * value),
  divide: (a: number, b: number) => a / b,
  modulo: (a: number, b: number) => a % b,
  power: (a: number, b: number) => a ** b,
  abs: Math.abs,
  sqrt: Math.sqrt,
  exp: Math.exp,
  log: Math.log,
  log10: Math.log10,
  round: (x: number) => Math.sign(x) * Math.round(Math.abs(x)),
  floor: Math.floor,
  ceil: Math.ceil,
  year: (time: string) => Number(time.slice(0, 4)),
  month: (time: string) => Number(time.slice(5, 7)),
  day: (time: string) => Number(time.slice(8, 10)),
  age: completedYears,
  lower: (text: string) => text.toLowerCase(),
  upper: (text: string) => text.toUpperCase(),
  trim: (text: string) => text.replace(/^ +| +$/g, ''),
  length: (text: string) => [...text].length,
}

function completedYears(from: string, to: string): number {
  if (to < from) return -completedYears(to, from) || 0
  const years = Number(to.slice(0, 4)) - Number(from.slice(0, 4))
  return to.slice(5, 10) < birthdayIn(Number(to.slice(0, 4)), from) ? years - 1 : years
}

function birthdayIn(year: number, born: string): string {
  const leap = new Date(Date.UTC(year, 1, 29)).getUTCDate() === 29
  return born.slice(5, 10) === '02-29' && !leap ? '02-28' : born.slice(5, 10)
}

const comparison = {
  eq: (sign: number) => sign === 0,
  ne: (sign: number) => sign !== 0,
  lt: (sign: number) => sign < 0,
  le: (sign: number) => sign <= 0,
  gt: (sign: number) => sign > 0,
  ge: (sign: number) => sign >= 0,
}

/** Numbers by size, false before true, texts by their code points. */
function order(a: Scalar, b: Scalar): number {
  if (typeof a === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(String(b)))
  return Number(a) - Number(b)
}

function lift(values: readonly Value[], compute: (values: readonly Value[]) => Value): Value {
  return values.includes(null) ? null : compute(values)
}

function conjunction(values: readonly Value[]): boolean | null {
  if (values.includes(false)) return false
  return values.includes(null) ? null : true
}

function negation(value: Value): boolean | null {
  return value === null ? null : value === false
}

function timestamp(text: string): string {
  const [day, time = '00:00:00'] = text.split(/[T ]/)
  return `${day} ${time.padEnd(8, ':00')}`
}

function patternOf(pattern: string): RegExp {
  const source = pattern.replace(/\\(.)|([%_])|([^\\%_])/gsu, (_, escaped?: string, wildcard?: string, plain?: string) => {
    if (wildcard !== undefined) return wildcard === '%' ? '.*' : '.'
    return (escaped ?? plain ?? '').replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
  })
  return new RegExp(`^${source}$`, 'su')
}
