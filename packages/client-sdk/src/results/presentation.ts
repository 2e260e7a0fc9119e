import type { StatisticValue } from '@flotta/contract'
import type { ResultTable } from './result-table.ts'
import { tableOf } from './table-of.ts'

/** How a result shows itself: as a table in a console, and as HTML in a notebook. */
export interface Presentation {
  toTable(): ResultTable
  toHtml(): string
  toString(): string
}

/** A value with its presentation, which is not enumerable: as data it stays what it was. */
export function presentable<Value extends StatisticValue>(value: Value): Value & Presentation {
  const text = () => tableOf(value).toString()
  const html = () => tableOf(value).toHtml()
  return Object.defineProperties(value, {
    toTable: { value: () => tableOf(value) },
    toHtml: { value: html },
    toString: { value: text },
    [Symbol.for('nodejs.util.inspect.custom')]: { value: text },
    [Symbol.for('Jupyter.display')]: { value: () => ({ 'text/plain': text(), 'text/html': html() }) },
  }) as Value & Presentation
}
