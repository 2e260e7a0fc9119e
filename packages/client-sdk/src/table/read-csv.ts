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
  const rows: string[][] = parse(readFileSync(path), { bom: true, delimiter: between, skip_empty_lines: true })
  const [names, ...records] = rows
  if (names === undefined) throw new Error(`${path} is empty`)
  return new LocalTable(
    names.map((name) => name.trim()),
    records,
    cells,
  )
}
