/** Arrays of numbers one after the other; a single one is given back as it is. */
export function concat(parts: readonly Float64Array[]): Float64Array {
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
