/** A name as SQL: quoted, quotes within doubled. Only names that the schema has get here. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** A text of our own configuration as an SQL literal, where SQL takes no parameter. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** A path as a DuckDB file pattern that matches this file alone. */
export function quotePath(path: string): string {
  return quoteText(path.replace(/[*?[]/g, '[$&]'))
}

/** The place of a record in its table, from 0. A control character: no feature has such a name. */
export const ROW = '\u0001row'

/** A table with the place of each record beside its columns, as {@link ROW}: the engine's own count, unless a column has taken the name of that. */
export function placed(table: string, columns: readonly string[]): string {
  const isTaken = columns.some((name) => name.toLowerCase() === 'rowid')
  return `(SELECT ${isTaken ? 'row_number() OVER () - 1' : 'rowid'} AS ${quoteName(ROW)}, * FROM ${table})`
}
