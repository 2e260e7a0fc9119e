import { quoteText } from '../sql-text.ts'

/** What a cell of text can be read as besides text, the narrowest first. */
export const readableTypes = ['boolean', 'integer', 'float', 'date', 'timestamp'] as const
export type ReadableType = (typeof readableTypes)[number]

/** How a cell is read as a type: the test that every cell with a value must pass, and the expression of its value. */
export interface Reading {
  readonly test: (cell: string) => string
  readonly value: (cell: string) => string
}

export type DecimalMark = '.' | ','

/** The readings of cells in which decimals are written with this mark. */
export function readingsOf(decimal: DecimalMark): Readonly<Record<ReadableType, Reading>> {
  return {
    boolean: {
      test: (cell) => `lower(${cell}) IN ('true', 'false')`,
      value: (cell) => `CAST(${cell} AS BOOLEAN)`,
    },
    integer: {
      // A number that is written back as it was read is seen faster than a pattern is matched.
      test: (cell) =>
        `CASE WHEN length(${cell}) <= 18 AND CAST(TRY_CAST(${cell} AS BIGINT) AS VARCHAR) = ${cell} THEN true ELSE regexp_full_match(${cell}, '[+-]?[0-9]{1,18}') END`,
      value: (cell) => `CAST(${cell} AS BIGINT)`,
    },
    float: floatReading(decimal),
    date: {
      test: (cell) => `(regexp_full_match(${cell}, '[0-9]{4}-[0-9]{2}-[0-9]{2}') AND TRY_CAST(${cell} AS DATE) IS NOT NULL)`,
      value: (cell) => `CAST(${cell} AS DATE)`,
    },
    timestamp: {
      test: (cell) =>
        `(regexp_matches(${cell}, '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:') AND TRY_CAST(${cell} AS TIMESTAMP) IS NOT NULL)`,
      value: (cell) => `CAST(${cell} AS TIMESTAMP)`,
    },
  }
}

/** The readings of cells that are numbers already. */
export const numberReadings: Readonly<Record<ReadableType, Reading>> = {
  boolean: { test: (cell) => `${cell} IN (0, 1)`, value: (cell) => `CAST(${cell} AS BOOLEAN)` },
  // Of 18 digits at most, as in text. The bound is a whole number, so that one of 64 bits is not rounded before it is compared.
  integer: {
    test: (cell) => `(${cell} = trunc(${cell}) AND ${cell} BETWEEN -${MAX_INTEGER} AND ${MAX_INTEGER})`,
    value: (cell) => `CAST(${cell} AS BIGINT)`,
  },
  float: { test: () => 'true', value: (cell) => `CAST(${cell} AS DOUBLE)` },
  date: { test: () => 'false', value: (cell) => `CAST(CAST(${cell} AS VARCHAR) AS DATE)` },
  timestamp: { test: () => 'false', value: (cell) => `CAST(CAST(${cell} AS VARCHAR) AS TIMESTAMP)` },
}

const MAX_INTEGER = '999999999999999999'

/** Where the mark is a comma, a point is no part of a number: `1.234` could be meant as a thousand. */
function floatReading(decimal: DecimalMark): Reading {
  if (decimal === '.') {
    return { test: (cell) => `TRY_CAST(${cell} AS DOUBLE) IS NOT NULL`, value: (cell) => `CAST(${cell} AS DOUBLE)` }
  }
  const pointed = (cell: string) => `replace(${cell}, ',', '.')`
  return {
    test: (cell) => `(NOT contains(${cell}, '.') AND TRY_CAST(${pointed(cell)} AS DOUBLE) IS NOT NULL)`,
    value: (cell) => `CAST(${pointed(cell)} AS DOUBLE)`,
  }
}

/** The test that a cell is one of the categories that its owner names. */
export function categoryTest(cell: string, categories: readonly string[]): string {
  return `${cell} IN (${categories.map(quoteText).join(', ')})`
}
