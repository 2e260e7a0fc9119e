import type { Json } from '../json.ts'
import type { Category } from '../labels/category.ts'
import type { Expression, Infrequent } from '../transformers/expressions/expression.ts'
import type { InputColumn, Preparation } from '../transformers/preparation.ts'
import { asRecord } from './header.ts'
import { ensure, ModelFileError } from './model-file-error.ts'

const MAX_STAGES = 100_000
const MAX_LIST = 100_000

type Fields = { readonly [key: string]: Json }

/** @throws {ModelFileError} when a part is absent, unknown or out of range */
export function parsePreparation(value: Json): Preparation {
  const { inputs, stages, ...others } = asRecord(value, 'the preparation')
  ensureNoOthers(others)
  ensure(Array.isArray(inputs) && inputs.length <= MAX_LIST, 'the inputs of the preparation are not a list')
  ensure(Array.isArray(stages) && stages.length <= MAX_STAGES, 'the stages of the preparation are not a list')
  return { inputs: (inputs as readonly Json[]).map(parseInput), stages: (stages as readonly Json[]).map(parseStage) }
}

/** @throws {ModelFileError} when it is not one of the closed set of expressions */
export function parseExpression(value: Json): Expression {
  const { op, feature, ...fields } = asRecord(value, 'an expression')
  ensure(typeof feature === 'string', 'an expression has no feature')
  switch (op) {
    case 'blank':
      ensureFields(fields, ['value'])
      ensure(isNumber(fields.value) || typeof fields.value === 'string', 'a blank value is neither a number nor a text')
      return { op, feature, value: fields.value }
    case 'mark':
      ensureFields(fields, ['name'])
      ensure(typeof fields.name === 'string', 'a mark has no name')
      return { op, feature, name: fields.name }
    case 'impute':
      ensureFields(fields, ['value'])
      ensure(isNumber(fields.value) || typeof fields.value === 'string', 'an imputed value is neither a number nor a text')
      return { op, feature, value: fields.value }
    case 'scale': {
      ensureFields(fields, ['center', 'scale', 'offset', 'lower', 'upper'])
      const { center, scale, offset, lower, upper } = fields
      ensure(isNumber(center) && isNumber(scale) && scale !== 0 && isNumber(offset), 'a scale is not made of numbers')
      ensure(isNullableNumber(lower) && isNullableNumber(upper), 'a bound is not a number')
      return { op, feature, center, scale, offset, lower, upper }
    }
    case 'clamp': {
      ensureFields(fields, ['lower', 'upper'])
      const { lower, upper } = fields
      ensure(isNullableNumber(lower) && isNullableNumber(upper), 'a bound is not a number')
      return { op, feature, lower, upper }
    }
    case 'binarize':
      ensureFields(fields, ['threshold'])
      ensure(isNumber(fields.threshold), 'a threshold is not a number')
      return { op, feature, threshold: fields.threshold }
    case 'bin': {
      ensureFields(fields, ['edges'])
      const edges = listOf(fields.edges, isNumber, 'edges')
      const isAscending = edges.every((edge, index) => index === 0 || edge > (edges[index - 1] as number))
      ensure(isAscending, 'edges do not ascend')
      return { op, feature, edges }
    }
    case 'encode': {
      ensureFields(fields, ['categories', 'infrequent', 'unknown', 'missing'])
      const { unknown, missing } = fields
      const categories = categoriesOf(fields.categories)
      ensure(isNullableNumber(missing), 'the code of missing values is not told')
      ensure(unknown === 'error' || unknown === 'missing' || isNumber(unknown), 'the code of unknown categories is not told')
      return { op, feature, categories, infrequent: infrequentOf(fields.infrequent, categories), unknown, missing }
    }
    case 'indicate':
      return parseIndicate(feature, fields)
    default:
      throw new ModelFileError('an expression is of an unknown kind')
  }
}

function parseIndicate(feature: string, fields: Fields): Expression {
  ensureFields(fields, ['categories', 'infrequent', 'names', 'dropped', 'unknown', 'on', 'off'])
  const { dropped, unknown, on, off } = fields
  const categories = categoriesOf(fields.categories)
  const infrequent = infrequentOf(fields.infrequent, categories)
  const names = listOf(fields.names, (name): name is string => typeof name === 'string', 'names')
  ensure(names.length === categories.length + Number(infrequent !== false), 'there is not one name for each category')
  ensure(dropped === null || (Number.isInteger(dropped) && names[dropped as number] !== undefined), 'no such column is dropped')
  ensure(unknown === 'error' || unknown === 'ignore', 'what becomes of unknown categories is not told')
  ensure(isNumber(on) && isNumber(off), 'indicators are not numbers')
  return { op: 'indicate', feature, categories, infrequent, names, dropped: dropped as number | null, unknown, on, off }
}

function parseInput(value: Json): InputColumn {
  const { name, type, ...others } = asRecord(value, 'an input')
  ensureNoOthers(others)
  ensure(typeof name === 'string' && (type === 'numbers' || type === 'texts'), 'an input is not a named column')
  return { name, type }
}

function parseStage(value: Json): Preparation['stages'][number] {
  const record = asRecord(value, 'a stage')
  if (record.op !== 'fitLocally') return parseExpression(value)
  const { op, transformer, ...others } = record
  ensureNoOthers(others)
  return { op, transformer: asRecord(transformer, 'a transformer') }
}

function categoriesOf(value: Json | undefined): readonly Category[] {
  const categories = listOf(
    value,
    (category): category is string | number | null => category === null || typeof category === 'string' || isNumber(category),
    'categories',
  )
  ensure(new Set(categories).size === categories.length, 'a category occurs twice')
  return categories
}

/** What is infrequent: none, all others, or a list of categories. */
function infrequentOf(value: Json | undefined, categories: readonly Category[]): Infrequent {
  if (typeof value === 'boolean') return value
  const infrequent = categoriesOf(value)
  ensure(infrequent.length > 0 && !infrequent.some((category) => categories.includes(category)), 'a category occurs twice')
  return infrequent
}

function listOf<T extends Json>(value: Json | undefined, isItem: (item: Json) => item is T, what: string): readonly T[] {
  ensure(Array.isArray(value) && value.length <= MAX_LIST && value.every(isItem), `${what} are not a list`)
  return value as readonly T[]
}

function isNumber(value: Json | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

function isNullableNumber(value: Json | undefined): value is number | null {
  return value === null || isNumber(value)
}

function ensureFields(fields: Fields, names: readonly string[]): void {
  const isComplete = Object.keys(fields).length === names.length && names.every((name) => Object.hasOwn(fields, name))
  ensure(isComplete, 'an expression does not have the properties of its kind')
}

function ensureNoOthers(others: Fields): void {
  ensure(Object.keys(others).length === 0, 'the preparation has unknown properties')
}
