import type { Scalar } from '../expression.ts'
import type { ColumnType } from '../feature-type.ts'

const MS_PER_DAY = 86_400_000

/** Largest magnitude of a number in a query: that of measured values, so whatever is computed of them may be summed. About 1e292. */
export const LARGEST_NUMBER = 2 ** 970

/** The type of a constant by itself; whole numbers that a double holds exactly are integers. */
export function typeOfScalar(value: Scalar): ColumnType {
  if (typeof value === 'string') return 'string'
  if (typeof value === 'boolean') return 'boolean'
  return Number.isSafeInteger(value) ? 'integer' : 'float'
}

/** Whether a constant is a number that no measured value could be. */
export function isTooLarge(value: Scalar): boolean {
  return typeof value === 'number' && !(Math.abs(value) <= LARGEST_NUMBER)
}

/** What a text stands for where a point in time is needed: a date, a time (ISO 8601, without a zone), or nothing. */
export function timeTypeOf(text: string): 'date' | 'timestamp' | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,6})?)?)?$/.exec(text)
  if (!match || !isCalendarDay(match[1]!)) return undefined
  const [, , hours, minutes, seconds] = match
  if (hours === undefined) return 'date'
  return Number(hours) < 24 && Number(minutes) < 60 && Number(seconds ?? 0) < 60 ? 'timestamp' : undefined
}

/**
 * The one text of a point in time, in which equal ones are the same text wherever they come from: `2020-01-31`, which is its midnight as well,
 * or `2020-01-31 09:30:00`, with as many decimals of the second as it has. Undefined for what is no time.
 */
export function canonicalTime(text: string): string | undefined {
  const type = timeTypeOf(text)
  if (type !== 'timestamp') return type && text
  const [seconds = '', decimals = ''] = text.slice('2020-01-31 09:30'.length).split('.')
  const fraction = decimals.replace(/0+$/, '')
  const time = `${text.slice(11, 16)}${seconds || ':00'}${fraction && `.${fraction}`}`
  return time === '00:00:00' ? text.slice(0, 10) : `${text.slice(0, 10)} ${time}`
}

function isCalendarDay(text: string): boolean {
  const ms = Date.parse(`${text}T00:00:00Z`)
  return (
    !Number.isNaN(ms) &&
    !text.startsWith('0000') &&
    new Date(Math.floor(ms / MS_PER_DAY) * MS_PER_DAY).toISOString().startsWith(text)
  )
}
