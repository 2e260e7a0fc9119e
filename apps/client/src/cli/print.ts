/** How data is written on standard output. */
export const formats = ['table', 'json', 'jsonl'] as const
export type Format = (typeof formats)[number]

/** A column of a table: its head, and what it shows of an item. */
export interface Column<T> {
  readonly head: string
  readonly of: (item: T) => string | number | null | undefined
}

/** Items as a table for people, as one JSON document, or as one document a line; `columns` are those of the table. */
export function printItems<T>(items: readonly T[], columns: readonly Column<T>[], format: Format): void {
  if (format === 'table') write(table(items, columns))
  else if (format === 'json') write(`${JSON.stringify(items, null, 2)}\n`)
  else write(items.map((item) => `${JSON.stringify(item)}\n`).join(''))
}

/** One item: its fields one below the other, or as JSON. */
export function printItem(item: object, format: Format): void {
  if (format === 'table') write(fields(item))
  else write(`${JSON.stringify(item, null, format === 'json' ? 2 : 0)}\n`)
}

function fields(item: object): string {
  const shown = (value: unknown) => (typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '-'))
  const rows = Object.entries(item)
  const width = Math.max(0, ...rows.map(([name]) => name.length))
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${plain(shown(value))}\n`).join('')
}

/** Data, to standard output. */
export function write(text: string): void {
  process.stdout.write(text)
}

/** Anything else, to standard error. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`)
}

function table<T>(items: readonly T[], columns: readonly Column<T>[]): string {
  const rows = [
    columns.map(({ head }) => head.toUpperCase()),
    ...items.map((item) => columns.map((column) => plain(String(column.of(item) ?? '-')))),
  ]
  const widths = columns.map((_, index) => Math.max(...rows.map((row) => row[index]!.length)))
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, index) => cell.padEnd(widths[index]!))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}

/** Names are chosen by others: without control characters they can't rule the terminal. */
function plain(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ')
}
