import * as contract from '@flotta/contract'
import { checkedPart } from './checked-part.ts'
import type { Expression } from './expression.ts'

/** The records that an operation sees: the project's data, stage by stage. Without stages it is all of it. */
export function Query(stages: readonly contract.Stage[] = []): contract.Query {
  return { kind: 'Query', stages: [...stages] }
}

/** Keeps these features, in this order. */
export function Select(features: readonly string[]): contract.Stage {
  return { kind: 'Select', features: [...features] }
}

/** Leaves these features out. */
export function Drop(features: readonly string[]): contract.Stage {
  return { kind: 'Drop', features: [...features] }
}

/** Gives features other names, all at once: `Rename({ sys: 'systolic' })`. */
export function Rename(names: Readonly<Record<string, string>>): contract.Stage {
  return { kind: 'Rename', names: Object.entries(names).map(([from, to]) => ({ from, to })) }
}

/** Adds a feature that is computed of the others, or replaces the one of this name. */
export function Derive(name: string, expression: Expression): contract.Stage {
  return { kind: 'Derive', feature: name, expression: expression.node }
}

/** Keeps the records for which the condition is true; a missing value satisfies no comparison. */
export function Filter(condition: Expression): contract.Stage {
  return { kind: 'Filter', condition: condition.node }
}

/**
 * Splits each site's records into training and test. Defaults: a quarter for the test, stratified by the label, seed 0. Which
 * records are tested follows from what they hold and from the seed, not from their order.
 *
 * @throws {FlottaError} `malformed_request` naming the option that makes no sense
 */
export function FederatedSplitter(options: Partial<Omit<contract.FederatedSplitter, 'kind'>> = {}): contract.Stage {
  return checkedPart(contract.transformerSchema, { kind: 'FederatedSplitter', ...options })
}
