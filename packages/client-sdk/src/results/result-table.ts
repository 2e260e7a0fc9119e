export type Cell = string | number | boolean | null

/** Stands in the place of a figure that a site withheld, because it rests on too few records there. */
export const WITHHELD = 'withheld'

/** A result as rows and columns. A cell without a figure is null where the figure is undefined, and `withheld` where a site withheld it. */
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
    const texts = [this.columns.map(visible), ...this.rows.map((row) => row.map(textOf))]
    const widths = this.columns.map((_, column) => Math.max(...texts.map((row) => row[column]!.length)))
    const isText = this.columns.map((_, column) => this.rows.some((row) => isWord(row[column])))
    const lines = texts.map((row) =>
      row.map((text, column) => (isText[column] ? text.padEnd(widths[column]!) : text.padStart(widths[column]!))).join('  '),
    )
    return [visible(this.caption), ...lines.map((line) => line.trimEnd())].join('\n')
  }

  /** A table element; every text is escaped. */
  toHtml(): string {
    const row = (tag: 'th' | 'td', cells: readonly string[]) =>
      `<tr>${cells.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join('')}</tr>`
    const body = this.rows.map((cells) => row('td', cells.map(textOf))).join('')
    return `<table><caption>${escapeHtml(this.caption)}</caption><thead>${row('th', this.columns)}</thead><tbody>${body}</tbody></table>`
  }
}

function isWord(cell: Cell | undefined): boolean {
  return typeof cell === 'string' && cell !== WITHHELD
}

function textOf(cell: Cell): string {
  if (cell === null) return '–'
  return typeof cell === 'number' && !Number.isInteger(cell) ? String(Number(cell.toPrecision(6))) : visible(String(cell))
}

/**
 * A text of somebody's table as it may stand in a console: control characters, which could move the cursor or colour what follows, and
 * those that turn the direction of writing are shown by their code.
 */
function visible(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0
    return `\\u${code.toString(16).padStart(4, '0')}`
  })
}

function escapeHtml(text: string): string {
  return visible(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
