import { LocalTable, readCsv } from '@flotta/client-sdk'

/** The tables of all sites as one, as nobody in a network has it: for the comparison alone. */
export function pooledTable(files: readonly string[]): LocalTable {
  const tables = files.map((file) => readCsv(file))
  const names = tables[0]?.names ?? []
  const rows = tables.flatMap((table) => {
    const columns = names.map((name) => table.text(name))
    return Array.from({ length: table.rowCount }, (_, row) => columns.map((column) => column[row]!))
  })
  return new LocalTable(names, rows)
}

/** Mean of the values of a column that are not missing. */
export function meanOf(table: LocalTable, name: string): number {
  const values = table.numbers(name).filter((value) => !Number.isNaN(value))
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
