export type Cell = string | number | boolean | null

/** A result as rows and columns. A cell without a figure, which is undefined or was suppressed, is null. */
export class ResultTable {
  readonly caption: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Cell[])[]

  constructor(caption: string, columns: readonly string[], rows: readonly (readonly Cell[])[]) {
    this.caption = caption
    this.columns = columns
    this.rows = rows
  }

  /** Columns aligned by spaces: texts to the left, numbers to the right. */
  toString(): string {
    const texts = [this.columns.map(String), ...this.rows.map((row) => row.map(textOf))]
    const widths = this.columns.map((_, column) => Math.max(...texts.map((row) => row[column]!.length)))
    const isText = this.columns.map((_, column) => this.rows.some((row) => typeof row[column] === 'string'))
    const lines = texts.map((row) =>
      row.map((text, column) => (isText[column] ? text.padEnd(widths[column]!) : text.padStart(widths[column]!))).join('  '),
    )
    return [this.caption, ...lines.map((line) => line.trimEnd())].join('\n')
  }

  /** A table element; every text is escaped. */
  toHtml(): string {
    const row = (tag: 'th' | 'td', cells: readonly string[]) =>
      `<tr>${cells.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join('')}</tr>`
    const body = this.rows.map((cells) => row('td', cells.map(textOf))).join('')
    return `<table><caption>${escapeHtml(this.caption)}</caption><thead>${row('th', this.columns)}</thead><tbody>${body}</tbody></table>`
  }
}

function textOf(cell: Cell): string {
  if (cell === null) return '–'
  return typeof cell === 'number' && !Number.isInteger(cell) ? String(Number(cell.toPrecision(6))) : String(cell)
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
