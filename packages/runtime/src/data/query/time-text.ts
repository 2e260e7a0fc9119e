/**
 * A column of dates or timestamps as text, as SQL: a midnight is written as its date, so that a date and the timestamp that it is taken as are
 * the same text at every site, whether or not a site knows of the others. In TypeScript it is `canonicalTime` of the contract.
 */
export function timeText(column: string): string {
  const date = `CAST(${column} AS DATE)`
  return `CASE WHEN ${column} = ${date} THEN CAST(${date} AS VARCHAR) ELSE CAST(${column} AS VARCHAR) END`
}
