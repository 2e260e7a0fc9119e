import * as contract from '@flotta/contract'

/** What stands where an expression is expected: one, or a constant. A text stands for a date or time (ISO 8601) next to one. */
export type Operand = Expression | contract.Scalar

/**
 * A value that each record has: a feature, or something computed of features; where it is true or false, a condition.
 *
 * A missing value satisfies no comparison, and what is computed of it is missing. Arithmetic is that of doubles, and a result that
 * does not exist (a division by zero, the logarithm of zero) is missing too.
 *
 * An expression over the features of a project (`project.feature('age')`) knows their types: what can't work is refused where it is
 * written. One over `feature('age')` is checked when it is submitted.
 */
export class Expression {
  readonly node: contract.Expression
  /** The features that it was built over, where they are known. */
  readonly schema: readonly contract.TypedFeature[] | undefined

  /** @throws {FlottaError} `unknown_feature`, `unsuitable_feature` when the schema is known and the expression can't work over it */
  constructor(node: contract.Expression, schema?: readonly contract.TypedFeature[]) {
    this.node = node
    this.schema = schema
    if (schema) refuse(node, schema)
  }

  /** The expression as the plan holds it. */
  toJSON(): contract.Expression {
    return this.node
  }

  eq(other: Operand): Expression {
    return this.#compare('eq', other)
  }
  ne(other: Operand): Expression {
    return this.#compare('ne', other)
  }
  lt(other: Operand): Expression {
    return this.#compare('lt', other)
  }
  le(other: Operand): Expression {
    return this.#compare('le', other)
  }
  gt(other: Operand): Expression {
    return this.#compare('gt', other)
  }
  ge(other: Operand): Expression {
    return this.#compare('ge', other)
  }
  in(values: readonly contract.Scalar[]): Expression {
    return this.#with({ op: 'in', operand: this.node, values: [...values] })
  }
  /** `lower ≤ this ≤ upper` */
  between(lower: Operand, upper: Operand): Expression {
    return this.#with({ op: 'between', operand: this.node, lower: nodeOf(lower), upper: nodeOf(upper) }, lower, upper)
  }
  /** SQL's LIKE: `%` any characters, `_` one character, `\` escapes. */
  like(pattern: string): Expression {
    return this.#with({ op: 'like', operand: this.node, pattern })
  }
  isNull(): Expression {
    return this.#with({ op: 'isNull', operand: this.node })
  }
  and(...conditions: readonly Expression[]): Expression {
    return this.#with({ op: 'and', conditions: [this, ...conditions].map(nodeOf) }, ...conditions)
  }
  or(...conditions: readonly Expression[]): Expression {
    return this.#with({ op: 'or', conditions: [this, ...conditions].map(nodeOf) }, ...conditions)
  }
  not(): Expression {
    return this.#with({ op: 'not', condition: this.node })
  }

  add(...others: readonly Operand[]): Expression {
    return this.#call('add', ...others)
  }
  subtract(other: Operand): Expression {
    return this.#call('subtract', other)
  }
  multiply(...others: readonly Operand[]): Expression {
    return this.#call('multiply', ...others)
  }
  divide(other: Operand): Expression {
    return this.#call('divide', other)
  }
  /** The remainder, with the sign of this. */
  modulo(other: Operand): Expression {
    return this.#call('modulo', other)
  }
  power(exponent: Operand): Expression {
    return this.#call('power', exponent)
  }
  abs(): Expression {
    return this.#call('abs')
  }
  sqrt(): Expression {
    return this.#call('sqrt')
  }
  exp(): Expression {
    return this.#call('exp')
  }
  /** The natural logarithm. */
  log(): Expression {
    return this.#call('log')
  }
  log10(): Expression {
    return this.#call('log10')
  }
  /** The nearest whole number; halves go away from zero. */
  round(): Expression {
    return this.#call('round')
  }
  floor(): Expression {
    return this.#call('floor')
  }
  ceil(): Expression {
    return this.#call('ceil')
  }
  /** How many of the edges, which rise, are not larger than this: 0 below the first. */
  bins(edges: readonly number[]): Expression {
    return this.#with({ op: 'bins', operand: this.node, edges: [...edges] })
  }

  year(): Expression {
    return this.#call('year')
  }
  /** 1 to 12. */
  month(): Expression {
    return this.#call('month')
  }
  /** Day of the month, 1 to 31. */
  day(): Expression {
    return this.#call('day')
  }
  /** Completed years from this date to another. There is no "today": a result is the same whenever it is computed. */
  ageAt(date: Operand): Expression {
    return this.#call('age', date)
  }

  lower(): Expression {
    return this.#call('lower')
  }
  upper(): Expression {
    return this.#call('upper')
  }
  /** Without spaces at either end. */
  trim(): Expression {
    return this.#call('trim')
  }
  /** Number of characters (code points). */
  length(): Expression {
    return this.#call('length')
  }
  /** This, or where it is missing the first of the others that is not. */
  coalesce(...others: readonly Operand[]): Expression {
    return this.#call('coalesce', ...others)
  }

  #compare(op: contract.ComparisonOperator, other: Operand): Expression {
    return this.#with({ op, left: this.node, right: nodeOf(other) }, other)
  }

  #call(name: contract.FunctionName, ...others: readonly Operand[]): Expression {
    return this.#with({ op: 'call', function: name, arguments: [this, ...others].map(nodeOf) }, ...others)
  }

  #with(node: contract.Expression, ...others: readonly Operand[]): Expression {
    return new Expression(node, this.schema ?? schemaOf(others))
  }
}

/** A feature by its name: `feature('age').ge(65)`. */
export function feature(name: string): Expression {
  return new Expression({ op: 'feature', name })
}

/** A constant, to begin an expression with. */
export function value(constant: contract.Scalar): Expression {
  return new Expression({ op: 'value', value: constant })
}

/** True where a record has a value of each of these features: what pandas' `dropna(subset=features)` keeps. */
export function complete(features: readonly string[]): Expression {
  return and(...features.map((name) => feature(name).isNull().not()))
}

/** True where all conditions are. */
export function and(...conditions: readonly Expression[]): Expression {
  return new Expression({ op: 'and', conditions: conditions.map(nodeOf) }, schemaOf(conditions))
}

/** True where at least one condition is. */
export function or(...conditions: readonly Expression[]): Expression {
  return new Expression({ op: 'or', conditions: conditions.map(nodeOf) }, schemaOf(conditions))
}

/** True where the condition is false; where it is unknown for a missing value, so is its negation. */
export function not(condition: Expression): Expression {
  return condition.not()
}

/** The smallest of the values that are there. */
export function least(...operands: readonly [Operand, Operand, ...Operand[]]): Expression {
  return new Expression({ op: 'call', function: 'least', arguments: operands.map(nodeOf) }, schemaOf(operands))
}

/** The largest of the values that are there. */
export function greatest(...operands: readonly [Operand, Operand, ...Operand[]]): Expression {
  return new Expression({ op: 'call', function: 'greatest', arguments: operands.map(nodeOf) }, schemaOf(operands))
}

/** Values by cases: the first whose condition is true. `otherwise` is for the records of none, and missing unless told. */
export function choose(
  cases: readonly { readonly when: Expression; readonly result: Operand }[],
  otherwise?: Operand,
): Expression {
  const operands = [...cases.flatMap(({ when, result }) => [when, result]), ...(otherwise === undefined ? [] : [otherwise])]
  return new Expression(
    {
      op: 'case',
      cases: cases.map(({ when, result }) => ({ when: nodeOf(when), result: nodeOf(result) })),
      ...(otherwise === undefined ? {} : { otherwise: nodeOf(otherwise) }),
    },
    schemaOf(operands),
  )
}

/** The schema that the first of these operands knows. */
function schemaOf(operands: readonly Operand[]): readonly contract.TypedFeature[] | undefined {
  for (const operand of operands) if (operand instanceof Expression && operand.schema) return operand.schema
  return undefined
}

function nodeOf(operand: Operand): contract.Expression {
  return operand instanceof Expression ? operand.node : { op: 'value', value: operand }
}

function refuse(node: contract.Expression, schema: readonly contract.TypedFeature[]): void {
  const problems: contract.TypingProblem[] = []
  contract.typeExpression(node, schema, 'expression', (problem) => problems.push(problem))
  const [first] = problems
  if (first) throw new contract.FlottaError(first.code, first.message, { issues: problems })
}
