import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { type CellOptions, LocalTable } from './local-table.ts'

export interface ReadCsvOptions extends CellOptions {
  /** `,` unless told; a tabulator for `.tsv`. */
  readonly delimiter?: string
}

/**
 * Reads a table of one's own, for example one to validate a model with. The first line names the columns; a ragged line is an error.
 *
 * @throws {Error} when the file is not there or not a well-formed table; the message names the line
 */
export function readCsv(path: string, { delimiter, ...cells }: ReadCsvOptions = {}): LocalTable {
  const between = delimiter ?? (/\.tsv$/i.test(path) ? '\t' : ',')
  const text = readFileSync(path)
  const format = { bom: true, delimiter: between }
  const [names]: string[][] = parse(text, { ...format, skip_empty_lines: true, to: 1 })
  if (names === undefined) throw new Error(`${path} is empty`)
  // Of a table of one column an empty line is a record without a value.
  const records: string[][] = parse(text, { ...format, skip_empty_lines: names.length > 1, from: 2 })
  return new LocalTable(
    names.map((name) => name.trim()),
    records,
    cells,
  )
}
