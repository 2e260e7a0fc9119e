/** What a record is, as a classifier sees it. `1`, `'1'` and `true` are three different labels. */
export type Label = string | number | boolean

const TYPE_ORDER = { boolean: 0, number: 1, string: 2 }

/**
 * The total order of labels: booleans (false first), numbers ascending, strings by code point.
 *
 * It depends on no locale, so that all sites agree on the order of classes.
 */
export function compareLabels(a: Label, b: Label): number {
  if (typeof a === 'string' && typeof b === 'string') return compareCodePoints(a, b)
  if (typeof a === typeof b) return Number(a) - Number(b)
  return TYPE_ORDER[typeof a as keyof typeof TYPE_ORDER] - TYPE_ORDER[typeof b as keyof typeof TYPE_ORDER]
}

/** Whether labels are in the order of {@link compareLabels}, without repetition. */
export function isSorted(labels: readonly Label[]): boolean {
  return labels.every((label, i) => i === 0 || compareLabels(labels[i - 1], label) < 0)
}

/** Whether a value can be a label: a string, a boolean or a finite number. */
export function isLabel(value: unknown): value is Label {
  return typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)
}

/** Order of two strings by code point; `<` compares UTF-16 units, which puts U+1F600 before U+FF5E. */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    if (a.charCodeAt(i) !== b.charCodeAt(i)) return codePointBefore(a, i) - codePointBefore(b, i)
  }
  return a.length - b.length
}

/** The code point at `index`, or the one whose second half is there. */
function codePointBefore(text: string, index: number): number {
  const unit = text.charCodeAt(index)
  const isSecondHalf = index > 0 && unit >= 0xdc00 && unit < 0xe000 && text.codePointAt(index - 1)! > 0xffff
  return text.codePointAt(isSecondHalf ? index - 1 : index) as number
}
