/** Throws a RangeError unless `value` is an integer in [minimum, maximum]. */
export function assertInteger(value: number, name: string, minimum: number, maximum = Number.MAX_SAFE_INTEGER): void {
  if (!Number.isInteger(value) || value < minimum || value > maximum) {
    throw new RangeError(`${name} must be an integer in [${minimum}, ${maximum}], not ${value}`)
  }
}

/** Throws a RangeError unless every code is in [0, classCount), so that hot loops need no check of their own. */
export function assertCodes(codes: Int32Array, classCount: number, name: string): void {
  if (!(codes instanceof Int32Array)) throw new TypeError(`${name} must be an Int32Array`)
  for (const code of codes) {
    if (code < 0 || code >= classCount)
      throw new RangeError(`${name} holds the code ${code}, but there are ${classCount} classes`)
  }
}
