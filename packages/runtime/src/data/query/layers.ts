import { quoteName } from '../sql-text.ts'

/** A piece of SQL, and how many layers must lie below it for all that it refers to be there. */
export interface Fragment {
  readonly sql: string
  readonly layer: number
  /** Whether it may stand in several places: a name, or a bound value. */
  readonly atom: boolean
}

/**
 * Intermediate results of an expression, as columns of nested relations.
 *
 * SQL has no word for "this value again", and writing an operand twice doubles its text at each level of nesting. What is needed
 * more than once is named in a layer of its own instead, so the SQL of an expression is linear in its size.
 */
export class Layers {
  readonly #layers: string[][] = []
  #names = 0

  /** The fragment under a name that can be repeated. */
  name(fragment: Fragment): Fragment {
    if (fragment.atom) return fragment
    // A control character: no feature has such a name.
    const name = quoteName(`\u0001${this.#names++}`)
    this.#layers[fragment.layer] = [...(this.#layers[fragment.layer] ?? []), `${fragment.sql} AS ${name}`]
    return { sql: name, layer: fragment.layer + 1, atom: true }
  }

  /** The relation with all named results beside its own columns. */
  over(source: string): string {
    return this.#layers.reduce((inner, columns) => `(SELECT *, ${columns.join(', ')} FROM ${inner})`, source)
  }
}
