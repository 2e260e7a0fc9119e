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
