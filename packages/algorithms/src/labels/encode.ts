import { compareLabels, isLabel, type Label } from './label.ts'

/** Labels as indices into the list of their classes. */
export interface EncodedLabels {
  /** In the order of {@link compareLabels}, without repetition. */
  readonly classes: readonly Label[]
  /** One per row: index into `classes`. */
  readonly codes: Int32Array
}

/**
 * Numbers the labels by their place among the sorted distinct labels.
 *
 * @throws {TypeError} when a value is missing or is not a label: rows without a label are for the caller to leave out
 */
export function encodeLabels(values: readonly Label[]): EncodedLabels {
  const distinct = new Set<Label>()
  for (let row = 0; row < values.length; row++) {
    const value: unknown = values[row]
    if (!isLabel(value)) throw new TypeError(`the label of row ${row} is not a string, a boolean or a finite number`)
    distinct.add(value)
  }
  const classes = [...distinct].sort(compareLabels)
  return { classes, codes: codesOf(values, classes) }
}

/**
 * The index of each label in a given list of classes.
 *
 * @throws {RangeError} when a label is not among the classes
 */
export function codesOf(values: readonly Label[], classes: readonly Label[]): Int32Array {
  const codeOf = new Map(classes.map((label, code) => [label, code]))
  const codes = new Int32Array(values.length)
  for (let row = 0; row < values.length; row++) {
    const code = codeOf.get(values[row])
    if (code === undefined) throw new RangeError(`the label of row ${row} is not among the ${classes.length} classes`)
    codes[row] = code
  }
  return codes
}

/** All classes that occur in any of the lists, sorted: the same whatever the order of the lists. */
export function unionOfClasses(...lists: readonly (readonly Label[])[]): Label[] {
  return [...new Set(lists.flat())].sort(compareLabels)
}
