import type { FeatureDeclaration } from '../../ports/datasource-source.ts'
import { dataError } from '../data-error.ts'
import { quoteName } from '../sql-text.ts'
import { categoryTest, type DecimalMark, type ReadableType, readableTypes, readingsOf } from './readings.ts'

/** A column of cells, which are all text. */
export interface CellColumn {
  readonly name: string
  /** What its cells may be read as if all of them fit, the narrowest first; anything unless told. */
  readonly readings?: readonly ReadableType[]
}

export interface CellsOptions {
  /** What a message begins with: the file or table. */
  readonly where: string
  readonly decimal?: DecimalMark
  /** What the owner has declared. */
  readonly features: readonly FeatureDeclaration[]
}

/** What all cells of a column that have a value may pass. */
export interface CellTest {
  readonly name: string
  readonly expression: string
  /** What the column is when the test passes; text where there is none. */
  readonly type: ReadableType | undefined
  /** What the owner has declared, and every cell therefore has to be. */
  readonly required: string | undefined
}

/** The tests of a column, of which the first that all cells pass is its type; none where it is text in any case. */
export function testsOf(
  { name, readings: possible = readableTypes }: CellColumn,
  { features, decimal = '.' }: CellsOptions,
): CellTest[] {
  const readings = readingsOf(decimal)
  const { type, categories = [] } = features.find(({ feature }) => feature === name) ?? {}
  if (categories.length > 0) {
    return [{ name, expression: categoryTest(quoteName(name), categories), type: undefined, required: 'one of its categories' }]
  }
  if (type === 'string' || type === 'categorical') return []
  const types = type === undefined ? possible : [type]
  return types.map((candidate) => ({
    name,
    expression: readings[candidate].test(cellOf(name)),
    type: candidate,
    required: type === undefined ? undefined : `of the declared type ${type}`,
  }))
}

/** @throws {FlottaError} `malformed_datasource` when a column is declared that is not there */
export function requireDeclaredColumns(columns: readonly { readonly name: string }[], { features, where }: CellsOptions): void {
  const names = new Set(columns.map(({ name }) => name))
  const absent = features.find(({ feature }) => !names.has(feature))?.feature
  if (absent !== undefined)
    throw dataError('malformed_datasource', `${where}: there is no column "${absent}", which schema names`)
}

/** A cell as SQL: blanks around it are no part of its value. */
export function cellOf(name: string): string {
  return `trim(${quoteName(name)})`
}
