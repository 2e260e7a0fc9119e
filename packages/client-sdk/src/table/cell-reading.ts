import { isMeasured } from '@flotta/algorithms'
import type { ColumnType } from '@flotta/contract'

export type DecimalMark = '.' | ','

/** A cell in which blanks around the value are no part of it. */
type Trimmed = string

/** Blanks of Unicode; a tabulator or a line break is none. */
const BLANKS = /^\p{Zs}+|\p{Zs}+$/gu

/** What may stand around a number besides. */
const SPACE = /^[\t-\r ]+|[\t-\r ]+$/g

const INTEGER = /^[+-]?\d{1,18}$/
const FLOAT = /^\+?-?(?:\d(?:_?\d)*(?:\.(?:\d(?:_?\d)*)?)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?$/
const UNMEASURED = /^\+?-?(?:inf|infinity|nan)$/i
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/
const TIMESTAMP =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}):(?:(\d{1,2})(?::(\d{1,2})(?:\.(\d*))?(?: UTC|Z|[+-]\d{2}(?::?\d{2}(?::?\d{2})?)?)?)?)?$/

/**
 * The narrowest type that all cells of a column have, never a sample of them; `null` where there are none.
 *
 * @param cells those that are not missing
 */
export function typeOfCells(cells: readonly string[], decimal: DecimalMark): ColumnType {
  const trimmed = cells.map(trim)
  const found = types.find((type) => trimmed.every((cell) => fits[type](cell, decimal)))
  if (trimmed.length === 0) return 'null'
  return found ?? 'string'
}

/** A cell of a column of numbers or truth values as a number; NaN where it is not measured. */
export function numberOf(cell: string, type: 'boolean' | 'integer' | 'float', decimal: DecimalMark): number {
  const trimmed = trim(cell)
  if (type === 'boolean') return Number(/^true$/i.test(trimmed))
  // A whole number has no negative zero.
  if (type === 'integer') return Number(trimmed) + 0
  const value = floatOf(trimmed, decimal) ?? Number.NaN
  return isMeasured(value) ? value : Number.NaN
}

/** A cell as text: dates and timestamps as ISO 8601 with a blank between, of midnight the date alone; all else as it is written. */
export function textOf(cell: string, type: ColumnType): string {
  if (type === 'date') return dateText(trim(cell))
  return type === 'timestamp' ? timestampText(trim(cell)) : cell
}

const types = ['boolean', 'integer', 'float', 'date', 'timestamp'] as const

const fits: Readonly<Record<(typeof types)[number], (cell: Trimmed, decimal: DecimalMark) => boolean>> = {
  boolean: (cell) => /^(?:true|false)$/i.test(cell),
  integer: (cell) => INTEGER.test(cell),
  float: (cell, decimal) => floatOf(cell, decimal) !== undefined,
  date: isDate,
  timestamp: isTimestamp,
}

function trim(cell: string): Trimmed {
  return cell.trim() === cell ? cell : cell.replaceAll(BLANKS, '')
}

/** NaN for what is written as a number and is none; undefined for what is not written as a number. */
function floatOf(cell: Trimmed, decimal: DecimalMark): number | undefined {
  // Where the mark is a comma, a point is no part of a number: 1.234 could be meant as a thousand.
  if (decimal === ',' && cell.includes('.')) return undefined
  const pointed = (decimal === ',' ? cell.replaceAll(',', '.') : cell).replaceAll(SPACE, '')
  if (UNMEASURED.test(pointed)) return Number.NaN
  return FLOAT.test(pointed) ? Number(pointed.replaceAll('_', '').replace(/^\+/, '')) : undefined
}

function isDate(cell: Trimmed): boolean {
  const [, year, month, day] = DATE.exec(cell)?.map(Number) ?? []
  return year !== undefined && month! >= 1 && month! <= 12 && day! >= 1 && day! <= daysOf(year, month!)
}

function isTimestamp(cell: Trimmed): boolean {
  const [, date, hour, minute = '0', second = '0', fraction = ''] = TIMESTAMP.exec(cell) ?? []
  if (date === undefined || !isDate(date)) return false
  const endsTheDay = Number(hour) === 24 && Number(minute) === 0 && Number(second) === 0 && Number(fraction) === 0
  return endsTheDay || (Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60)
}

function dateText(cell: Trimmed): string {
  return cell.startsWith('0000') ? `0001${cell.slice(4)} (BC)` : cell
}

/** An offset is not counted in: a timestamp is the time of the clock on the wall. Beyond microseconds it is cut off. */
function timestampText(cell: Trimmed): string {
  const [, date, hour, minute = '0', second = '0', fraction = ''] = TIMESTAMP.exec(cell)!
  if (Number(hour) === 24) return dateText(dayAfter(date!))
  const micros = fraction.slice(0, 6).replace(/0+$/, '')
  const clock = [hour!, minute, second].map((part) => part.padStart(2, '0')).join(':')
  const time = micros === '' ? clock : `${clock}.${micros}`
  return time === '00:00:00' ? dateText(date!) : `${dateText(date!)} ${time}`
}

function dayAfter(date: string): string {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number]
  if (day < daysOf(year, month)) return isoDate(year, month, day + 1)
  return month < 12 ? isoDate(year, month + 1, 1) : isoDate(year + 1, 1, 1)
}

function isoDate(year: number, month: number, day: number): string {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}
