/** Arrays of numbers one after the other; a single one is given back as it is. */
export function concatNumbers(parts: readonly Float64Array[]): Float64Array {
  const [only] = parts
  if (parts.length === 1 && only) return only
  const whole = new Float64Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}

/** Arrays of texts one after the other; a single one is given back as it is. */
export function concatTexts(parts: readonly (string | null)[][]): (string | null)[] {
  return parts.length === 1 ? parts[0]! : parts.flat()
}
