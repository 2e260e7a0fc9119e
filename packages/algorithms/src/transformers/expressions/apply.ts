import { type Column, isNumbers } from '../../frame/column.ts'
import type { Frame } from '../../frame/frame.ts'
import { type Category, categoriesOf } from '../../labels/category.ts'
import { PreparationError } from '../preparation-error.ts'
import type { Blank, Encode, Expression, Indicate, Infrequent, Mark } from './expression.ts'

/** Columns that stand where one stood. */
interface Columns {
  readonly names: readonly string[]
  readonly columns: readonly Column[]
}

/**
 * The frame as an expression makes it. The frame is left alone; columns that do not change are shared. A new column whose name is taken,
 * as of the category `missing` beside missing values, has `_2` after it, or the first number that is free: an encoder may meet any text.
 *
 * @throws {PreparationError} when a feature is absent, of the wrong type, or has a value that is not known
 */
export function applyExpression(frame: Frame<Column>, expression: Expression): Frame<Column> {
  const { feature } = expression
  const place = frame.names.indexOf(feature)
  if (place < 0) throw new PreparationError(feature, 'is not among the columns')
  const made = columnsFor(frame.columns[place], expression)
  const taken = new Set(frame.names.filter((_, other) => other !== place))
  const own = made.names.map((name) => freeName(name, taken))
  const names = [...frame.names.slice(0, place), ...own, ...frame.names.slice(place + 1)]
  const columns = [...frame.columns.slice(0, place), ...made.columns, ...frame.columns.slice(place + 1)]
  if (expression.op === 'mark') {
    names.push(freeName(expression.name, taken))
    columns.push(missingIn(frame.columns[place]))
  }
  return { rowCount: frame.rowCount, names, columns }
}

/** The name, or the first of its kind that is not taken; it is taken then. */
function freeName(name: string, taken: Set<string>): string {
  let free = name
  for (let number = 2; taken.has(free); number++) free = `${name}_${number}`
  taken.add(free)
  return free
}

function columnsFor(column: Column, expression: Expression): Columns {
  if (expression.op === 'indicate') return indicators(column, expression)
  return { names: [expression.feature], columns: [expression.op === 'mark' ? column : valuesOf(column, expression)] }
}

function valuesOf(column: Column, expression: Exclude<Expression, Indicate | Mark>): Column {
  const { feature } = expression
  switch (expression.op) {
    case 'blank':
      return blanked(column, expression)
    case 'impute':
      return imputed(column, feature, expression.value)
    case 'scale': {
      const { center, scale, offset, lower, upper } = expression
      const scaled = numbersOf(column, feature).map((value) => (value - center) / scale + offset)
      return lower === null && upper === null ? scaled : clamped(scaled, lower, upper)
    }
    case 'clamp':
      return clamped(numbersOf(column, feature), expression.lower, expression.upper)
    case 'binarize':
      return numbersOf(column, feature).map((value) => (Number.isNaN(value) ? value : Number(value > expression.threshold)))
    case 'bin': {
      const edges = Float64Array.from(expression.edges)
      return numbersOf(column, feature).map((value) => (Number.isNaN(value) ? value : edgesUpTo(edges, value)))
    }
    case 'encode':
      return codes(column, expression)
    default:
      return expression satisfies never
  }
}

function blanked(column: Column, { value }: Blank): Column {
  if (isNumbers(column)) return column.map((present) => (present === value ? Number.NaN : present))
  return column.map((present) => (present === value ? null : present))
}

function missingIn(column: Column): Float64Array {
  return isNumbers(column)
    ? column.map((value) => Number(Number.isNaN(value)))
    : Float64Array.from(column, (value) => Number(value === null))
}

function imputed(column: Column, feature: string, value: number | string): Column {
  if (isNumbers(column)) {
    if (typeof value !== 'number') throw new PreparationError(feature, 'holds numbers; a text can not stand in for one')
    return column.map((present) => (Number.isNaN(present) ? value : present))
  }
  if (typeof value !== 'string') throw new PreparationError(feature, 'holds texts; a number can not stand in for one')
  return column.map((present) => present ?? value)
}

/** NaN stays NaN. */
function clamped(column: Float64Array, lower: number | null, upper: number | null): Float64Array {
  const least = lower ?? Number.NEGATIVE_INFINITY
  const most = upper ?? Number.POSITIVE_INFINITY
  return column.map((value) => (value < least ? least : Math.min(value, most)))
}

/** How many of the edges are not above the value. */
function edgesUpTo(edges: Float64Array, value: number): number {
  let low = 0
  let high = edges.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (edges[middle] <= value) low = middle + 1
    else high = middle
  }
  return low
}

function codes(column: Column, { feature, categories, infrequent, unknown, missing }: Encode): Float64Array {
  const place = placesOf(categories, infrequent)
  return numbersFor(column, (category) => {
    const known = place.get(category)
    if (known !== undefined) return known
    if (category === null) return missing ?? Number.NaN
    if (infrequent === true) return categories.length
    if (unknown === 'error') throw unknownCategory(feature)
    return unknown === 'missing' ? Number.NaN : unknown
  })
}

function indicators(column: Column, { feature, categories, infrequent, names, dropped, unknown, on, off }: Indicate): Columns {
  const place = placesOf(categories, infrequent)
  const columns = names.map(() => new Float64Array(column.length).fill(off))
  let row = 0
  for (const category of categoriesOf(column)) {
    const known = place.get(category) ?? (infrequent === true ? categories.length : undefined)
    if (known !== undefined) columns[known][row] = on
    else if (unknown === 'error') throw unknownCategory(feature)
    row++
  }
  const kept = [...names.keys()].filter((index) => index !== dropped)
  return { names: kept.map((index) => names[index]), columns: kept.map((index) => columns[index]) }
}

/** Those that are infrequent by name have the place after the last. */
function placesOf(categories: readonly Category[], infrequent: Infrequent): Map<Category, number> {
  const places = new Map(categories.map((category, index) => [category, index]))
  if (typeof infrequent !== 'boolean') for (const category of infrequent) places.set(category, categories.length)
  return places
}

function numbersFor(column: Column, codeOf: (category: Category) => number): Float64Array {
  const values = new Float64Array(column.length)
  let row = 0
  for (const category of categoriesOf(column)) values[row++] = codeOf(category)
  return values
}

function unknownCategory(feature: string): PreparationError {
  return new PreparationError(feature, 'has a category that the encoder does not know; see handleUnknown')
}

/** @throws {PreparationError} when the column holds texts */
function numbersOf(column: Column, feature: string): Float64Array {
  if (!isNumbers(column)) throw new PreparationError(feature, 'holds texts; numbers are needed here')
  return column
}
