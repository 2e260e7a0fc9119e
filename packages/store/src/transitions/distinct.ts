import { toText } from '../json.ts'

/**
 * The distinct documents among those that the jobs of a plan share, such as lists of readers and operations: written once each, so
 * that many jobs with long documents cost their sum, not their product.
 */
export class Distinct<T extends object> {
  readonly #byDocument = new Map<T, number>()
  readonly #byText = new Map<string, number>()

  indexOf(document: T): number {
    const known = this.#byDocument.get(document)
    if (known !== undefined) return known
    const text = toText(document)
    const index = this.#byText.get(text) ?? this.#byText.size
    this.#byText.set(text, index)
    this.#byDocument.set(document, index)
    return index
  }

  /** The documents as text, by their indexes. */
  texts(): { readonly index: number; readonly text: string }[] {
    return [...this.#byText].map(([text, index]) => ({ index, text }))
  }
}
