import type { Expression } from '../expression.ts'
import type { ColumnType, TypedFeature } from '../feature-type.ts'
import { type FunctionSignature, functionSignatures, type Parameter } from '../functions.ts'
import { isTooLarge, typeOfScalar } from './literal.ts'
import { asTime, convert, fitted as fittedTo, isTime, reconcile } from './reconcile.ts'
import type { TypedExpression } from './typed-expression.ts'
import { findFeature, type Report } from './typing-problem.ts'

/**
 * Gives every part of an expression its type over a schema. This is the one place where it is decided what can be computed of what:
 * the researcher's builder, the node and the site all ask here.
 *
 * @returns undefined where something can't work, which has been reported then
 */
export function typeExpression(
  expression: Expression,
  features: readonly TypedFeature[],
  path: string,
  report: Report,
): TypedExpression | undefined {
  const typed = (part: Expression, place: string) => typeExpression(part, features, `${path}.${place}`, report)
  const refuse = (message: string) => {
    report({ code: 'unsuitable_feature', path, message })
    return undefined
  }
  switch (expression.op) {
    case 'feature': {
      const found = findFeature(expression.name, features, path, report)
      return found && { op: 'feature', name: found.name, type: found.type }
    }
    case 'value':
      if (isTooLarge(expression.value)) return refuse(tooLarge)
      return { op: 'value', value: expression.value, type: typeOfScalar(expression.value) }
    case 'eq':
    case 'ne':
    case 'lt':
    case 'le':
    case 'gt':
    case 'ge': {
      const parts = all([typed(expression.left, 'left'), typed(expression.right, 'right')])
      const [left, right] = (parts && reconcile(parts)) ?? []
      if (parts && !(left && right)) return refuse(incomparable(parts))
      return left && right && { op: expression.op, left, right, type: 'boolean' }
    }
    case 'between': {
      const parts = all([
        typed(expression.operand, 'operand'),
        typed(expression.lower, 'lower'),
        typed(expression.upper, 'upper'),
      ])
      const [operand, lower, upper] = (parts && reconcile(parts)) ?? []
      if (parts && !(operand && lower && upper)) return refuse(incomparable(parts))
      return operand && lower && upper && { op: 'between', operand, lower, upper, type: 'boolean' }
    }
    case 'in': {
      const target = typed(expression.operand, 'operand')
      if (!target) return undefined
      if (expression.values.some(isTooLarge)) return refuse(tooLarge)
      const values = expression.values.map((value): TypedExpression => ({ op: 'value', value, type: typeOfScalar(value) }))
      const [operand, ...members] = reconcile([target, ...values]) ?? []
      if (!operand) return refuse(incomparable([target, values.find((value) => !reconcile([target, value])) ?? values[0]!]))
      return { op: 'in', operand, values: members, type: 'boolean' }
    }
    case 'like': {
      const found = typed(expression.operand, 'operand')
      if (!found) return undefined
      const operand = fittedTo(found, 'string')
      if (!operand) return refuse(`${nameOf(found)} and can not be compared with a pattern`)
      if (/(?<!\\)(?:\\\\)*\\$/.test(expression.pattern)) return refuse('a pattern does not end in a \\ that escapes nothing')
      return { op: 'like', operand, pattern: expression.pattern, type: 'boolean' }
    }
    case 'isNull': {
      const operand = typed(expression.operand, 'operand')
      return operand && { op: 'isNull', operand, type: 'boolean' }
    }
    case 'and':
    case 'or': {
      const conditions = all(expression.conditions.map((part, index) => truth(part, `conditions[${index}]`)))
      return conditions && { op: expression.op, conditions, type: 'boolean' }
    }
    case 'not': {
      const condition = truth(expression.condition, 'condition')
      return condition && { op: 'not', condition, type: 'boolean' }
    }
    case 'call': {
      const parts = all(expression.arguments.map((part, index) => typed(part, `arguments[${index}]`)))
      return parts && typeCall(expression.function, parts, refuse)
    }
    case 'bins': {
      const operand = typed(expression.operand, 'operand')
      if (!operand) return undefined
      const { edges } = expression
      if (!isNumber(operand.type)) return refuse(`${nameOf(operand)} and can not be put into bins; numbers are needed`)
      if (edges.some((edge, index) => index > 0 && edge <= edges[index - 1]!)) return refuse('the edges of bins rise')
      return { op: 'bins', operand: convert(operand, 'float'), edges, type: 'integer' }
    }
    case 'case': {
      const whens = all(expression.cases.map(({ when }, index) => truth(when, `cases[${index}].when`)))
      const results = all([
        ...expression.cases.map(({ result }, index) => typed(result, `cases[${index}].result`)),
        ...(expression.otherwise === undefined ? [] : [typed(expression.otherwise, 'otherwise')]),
      ])
      if (!(whens && results)) return undefined
      const reconciled = reconcile(results)
      if (!reconciled) return refuse(`the cases have no type in common: ${listed(results)}`)
      return {
        op: 'case',
        cases: whens.map((when, index) => ({ when, result: reconciled[index]! })),
        otherwise: reconciled[whens.length],
        type: reconciled[0]!.type,
      }
    }
    default:
      return expression satisfies never
  }

  function truth(part: Expression, place: string): TypedExpression | undefined {
    const condition = typed(part, place)
    if (condition === undefined) return undefined
    return fittedTo(condition, 'boolean') ?? refuse(`${nameOf(condition)}, which is no condition; a condition is true or false`)
  }
}

function typeCall(
  name: keyof typeof functionSignatures,
  parts: readonly TypedExpression[],
  refuse: (message: string) => undefined,
): TypedExpression | undefined {
  const { parameters, atMost, result }: FunctionSignature = functionSignatures[name]
  const most = atMost ?? parameters.length
  if (parts.length < parameters.length || parts.length > most)
    return refuse(
      `${name} takes ${most === parameters.length ? most : `${parameters.length} to ${most}`} arguments, found ${parts.length}`,
    )
  if (result === 'same') {
    const reconciled = reconcile(parts)
    if (!reconciled) return refuse(`${name} takes values of one type, found ${listed(parts)}`)
    return { op: 'call', function: name, arguments: reconciled, type: reconciled[0]!.type }
  }
  const fitted = parts.map((part, index) => fit(part, parameters[Math.min(index, parameters.length - 1)]!))
  const wrong = fitted.indexOf(undefined)
  if (wrong >= 0)
    return refuse(`${name} takes ${wanted[parameters[Math.min(wrong, parameters.length - 1)]!]}; ${nameOf(parts[wrong]!)}`)
  return { op: 'call', function: name, arguments: fitted as TypedExpression[], type: result }
}

const wanted = { number: 'numbers', text: 'texts', time: 'dates or times', same: 'values' } as const

function fit(part: TypedExpression, parameter: Parameter): TypedExpression | undefined {
  switch (parameter) {
    case 'number':
      return isNumber(part.type) ? convert(part, 'float') : undefined
    case 'text':
      return fittedTo(part, 'string')
    case 'time': {
      const time = asTime(part)
      return isTime(time.type) ? time : fittedTo(part, 'timestamp')
    }
    case 'same':
      return part
    default:
      return parameter satisfies never
  }
}

const tooLarge = 'a number of a query is at most 2^970 (about 1e292), as measured values are'

function isNumber(type: ColumnType): boolean {
  return type === 'integer' || type === 'float' || type === 'null'
}

function all<T>(parts: readonly (T | undefined)[]): T[] | undefined {
  return parts.includes(undefined) ? undefined : (parts as T[])
}

function incomparable([first, ...others]: readonly TypedExpression[]): string {
  const other = others.find((part) => !reconcile([first!, part])) ?? others[0]!
  return `${nameOf(first!)} and can not be compared with ${other.op === 'value' ? describe(other) : `${describe(other)} of type ${other.type}`}`
}

function nameOf(part: TypedExpression): string {
  return `${describe(part)} is of type ${part.type}`
}

function listed(parts: readonly TypedExpression[]): string {
  return parts.map((part) => `${describe(part)} of type ${part.type}`).join(', ')
}

function describe(part: TypedExpression): string {
  if (part.op === 'feature') return `"${part.name}"`
  if (part.op === 'convert') return describe(part.operand)
  if (part.op === 'call') return `the result of ${part.function}`
  return part.op === 'value' ? `a ${typeof part.value}` : `the result of "${part.op}"`
}
