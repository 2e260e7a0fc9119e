import type { FeatureDeclaration } from '../../ports/datasource-source.ts'
import { dataError } from '../data-error.ts'
import { quoteName } from '../sql-text.ts'
import {
  categoryTest,
  type DecimalMark,
  numberReadings,
  type ReadableType,
  type Reading,
  readableTypes,
  readingsOf,
} from './readings.ts'

/** A column of cells. */
export interface CellColumn {
  readonly name: string
  /** What its cells are in the table `cells`. Of numbers, NaN is one that is missing. @default 'text' */
  readonly held?: Held
  /** What its cells may be read as if all of them fit, the narrowest first; anything unless told. */
  readonly readings?: readonly ReadableType[]
}

export type Held = 'text' | 'numbers' | 'bigints'

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
  /** The cell, null where it is missing. */
  readonly cell: string
  readonly expression: string
  /** What the column is when the test passes; text where there is none. */
  readonly type: ReadableType | undefined
  /** What the owner has declared, and every cell therefore has to be. */
  readonly required: string | undefined
}

/** The tests of a column, of which the first that all cells pass is its type; none where it is text in any case. */
export function testsOf(column: CellColumn, options: CellsOptions): CellTest[] {
  const { name, readings = readableTypes } = column
  const cell = cellOf(column)
  const { type, categories = [] } = options.features.find(({ feature }) => feature === name) ?? {}
  if (categories.length > 0) {
    const expression = categoryTest(quoteName(name), categories)
    return [{ name, cell, expression, type: undefined, required: 'one of its categories' }]
  }
  if (isText(type)) return []
  const types = type === undefined ? readings : [type]
  return types.map((candidate) => ({
    name,
    cell,
    expression: readingOf(column, candidate, options).test(cell),
    type: candidate,
    required: type === undefined ? undefined : `of the declared type ${type}`,
  }))
}

/** Whether a column has to be held as text, whatever its cells are. */
export function isDeclaredAsText(name: string, { features }: Pick<CellsOptions, 'features'>): boolean {
  const { type, categories = [] } = features.find(({ feature }) => feature === name) ?? {}
  return categories.length > 0 || isText(type)
}

function isText(type: FeatureDeclaration['type']): type is 'string' | 'categorical' {
  return type === 'string' || type === 'categorical'
}

/** @throws {FlottaError} `malformed_datasource` when a column is declared that is not there */
export function requireDeclaredColumns(columns: readonly { readonly name: string }[], { features, where }: CellsOptions): void {
  const names = new Set(columns.map(({ name }) => name))
  const absent = features.find(({ feature }) => !names.has(feature))?.feature
  if (absent !== undefined)
    throw dataError('malformed_datasource', `${where}: there is no column "${absent}", which schema names`)
}

/** A cell as SQL, null where it is missing: blanks around a text are no part of its value. */
function cellOf({ name, held = 'text' }: CellColumn): string {
  switch (held) {
    case 'text':
      return `trim(${quoteName(name)})`
    case 'numbers':
      return `nullif(${quoteName(name)}, CAST('NaN' AS DOUBLE))`
    case 'bigints':
      return quoteName(name)
    default:
      return held satisfies never
  }
}

/** The value of a cell as SQL: of a type that all cells of its column have, or as text. */
export function typedCell(column: CellColumn, type: ReadableType | undefined, options: Pick<CellsOptions, 'decimal'>): string {
  if (type !== undefined) return readingOf(column, type, options).value(cellOf(column))
  return isHeldAsText(column) ? quoteName(column.name) : `CAST(${cellOf(column)} AS VARCHAR)`
}

function readingOf(column: CellColumn, type: ReadableType, { decimal = '.' }: Pick<CellsOptions, 'decimal'>): Reading {
  return (isHeldAsText(column) ? readingsOf(decimal) : numberReadings)[type]
}

function isHeldAsText({ held = 'text' }: CellColumn): boolean {
  return held === 'text'
}
