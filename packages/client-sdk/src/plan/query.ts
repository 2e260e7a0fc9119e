import type * as contract from '@flotta/contract'

/** The records that an operation sees: the project's data, stage by stage. Without stages it is all of it. */
export function Query(stages: readonly contract.Stage[] = []): contract.Query {
  return { kind: 'Query', stages: [...stages] }
}

/** Keeps these features, in this order. */
export function Select(features: readonly string[]): contract.Stage {
  return { kind: 'Select', features: [...features] }
}

/** Keeps the records for which the condition is true; a missing value satisfies no comparison. */
export function Filter(condition: contract.Condition): contract.Stage {
  return { kind: 'Filter', condition }
}

/** Splits each site's records into training and test. Defaults: a quarter for the test, stratified by the label, seed 0. */
export function FederatedSplitter(options: Partial<Omit<contract.FederatedSplitter, 'kind'>> = {}): contract.Stage {
  return { kind: 'FederatedSplitter', testSize: 0.25, stratify: true, randomState: 0, ...options }
}

export interface FeatureExpression {
  eq(value: contract.Scalar): contract.Condition
  ne(value: contract.Scalar): contract.Condition
  lt(value: contract.Scalar): contract.Condition
  le(value: contract.Scalar): contract.Condition
  gt(value: contract.Scalar): contract.Condition
  ge(value: contract.Scalar): contract.Condition
  in(values: readonly contract.Scalar[]): contract.Condition
  /** `lower ≤ feature ≤ upper` */
  between(lower: contract.Scalar, upper: contract.Scalar): contract.Condition
  /** SQL's LIKE: `%` any characters, `_` one character. */
  like(pattern: string): contract.Condition
  isNull(): contract.Condition
}

/** A feature in a condition: `feature('age').ge(65)`. */
export function feature(name: string): FeatureExpression {
  const compare = (op: 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge') => (value: contract.Scalar) =>
    ({ op, feature: name, value }) as const
  return {
    eq: compare('eq'),
    ne: compare('ne'),
    lt: compare('lt'),
    le: compare('le'),
    gt: compare('gt'),
    ge: compare('ge'),
    in: (values) => ({ op: 'in', feature: name, values: [...values] }),
    between: (lower, upper) => ({ op: 'between', feature: name, lower, upper }),
    like: (pattern) => ({ op: 'like', feature: name, pattern }),
    isNull: () => ({ op: 'isNull', feature: name }),
  }
}

/** True where all conditions are. */
export function and(...conditions: readonly contract.Condition[]): contract.Condition {
  return { op: 'and', conditions: [...conditions] }
}

/** True where at least one condition is. */
export function or(...conditions: readonly contract.Condition[]): contract.Condition {
  return { op: 'or', conditions: [...conditions] }
}

/** True where the condition is false; where it is unknown for a missing value, so is its negation. */
export function not(condition: contract.Condition): contract.Condition {
  return { op: 'not', condition }
}
