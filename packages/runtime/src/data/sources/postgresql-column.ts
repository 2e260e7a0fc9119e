import type { FeatureDeclaration } from '../../ports/datasource-source.ts'
import { quoteName } from '../sql-text.ts'
import { type CellColumn, isDeclaredAsText } from './cell-tests.ts'
import { BigintCells, type HeldCells, NumberCells, TextCells } from './held-cells.ts'

/** A column of a table on a PostgreSQL server, on its way into the engine. */
export interface PostgresqlColumn extends CellColumn {
  /** What the server is asked for. */
  readonly expression: string
  readonly cells: HeldCells
  /** Takes a value in the binary format of the server's type: `length` bytes from `start`; -1 for none. */
  put(bytes: Buffer, start: number, length: number): void
}

export interface PostgresqlColumnType {
  readonly name: string
  /** In the words of the server. */
  readonly type: string
}

/**
 * A column by its type: `numeric` is a float, NaN is missing, times of a zone are those of UTC, and what has no other meaning is text.
 *
 * @param features what the owner has declared; numbers that are to be texts are texts of the server's making
 */
export function postgresqlColumn(
  { name, type }: PostgresqlColumnType,
  features: readonly FeatureDeclaration[],
): PostgresqlColumn {
  const column = quoteName(name)
  const text = `CAST(${column} AS text)`
  if (isDeclaredAsText(name, { features })) return textColumn(name, text, [])
  switch (type) {
    case 'boolean':
      return numberColumn(name, column, ['boolean'], (bytes, start) => bytes[start]!)
    case 'smallint':
      return numberColumn(name, column, ['integer', 'float'], (bytes, start) => bytes.readInt16BE(start))
    case 'integer':
      return numberColumn(name, column, ['integer', 'float'], (bytes, start) => bytes.readInt32BE(start))
    case 'bigint':
      return bigintColumn(name, column)
    case 'double precision':
      return numberColumn(name, column, ['float'], (bytes, start) => bytes.readDoubleBE(start))
    // Their decimals are what they mean, which the server writes out.
    case 'real':
    case 'numeric':
      return numberColumn(name, text, ['float'], (bytes, start, length) =>
        Number(bytes.toString('latin1', start, start + length)),
      )
    case 'date':
      return textColumn(name, text, ['date'])
    case 'timestamp without time zone':
      return textColumn(name, text, ['timestamp'])
    case 'timestamp with time zone':
      return textColumn(name, `CAST(${column} AT TIME ZONE 'UTC' AS text)`, ['timestamp'])
    default:
      return textColumn(name, text, [])
  }
}

type Readings = NonNullable<CellColumn['readings']>

function numberColumn(
  name: string,
  expression: string,
  readings: Readings,
  read: (bytes: Buffer, start: number, length: number) => number,
): PostgresqlColumn {
  const cells = new NumberCells()
  const put = (bytes: Buffer, start: number, length: number) => cells.put(length < 0 ? Number.NaN : read(bytes, start, length))
  return { name, expression, cells, held: 'numbers', readings, put }
}

function bigintColumn(name: string, expression: string): PostgresqlColumn {
  const cells = new BigintCells()
  const put = (bytes: Buffer, start: number, length: number) => cells.put(length < 0 ? null : bytes.readBigInt64BE(start))
  return { name, expression, cells, held: 'bigints', readings: ['integer', 'float'], put }
}

function textColumn(name: string, expression: string, readings: Readings): PostgresqlColumn {
  const cells = new TextCells()
  const put = (bytes: Buffer, start: number, length: number) =>
    cells.put(length < 0 ? null : bytes.toString('utf8', start, start + length))
  return { name, expression, cells, held: 'text', readings, put }
}
