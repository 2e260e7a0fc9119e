/** Values of a block: they stay in the processor's second cache from one pass to the next. */
const BLOCK = 8192

/**
 * A column in parts. What is done for each part is a function that is called often, and so is compiled as a whole after the first few parts: a
 * single loop over a whole column is compiled while it runs, is left by way of the interpreter, and takes up to four times as long.
 */
export function* blocksOf<A extends Float64Array | Int32Array>(values: A): Generator<A> {
  for (let from = 0; from < values.length; from += BLOCK) yield values.subarray(from, from + BLOCK) as A
}
