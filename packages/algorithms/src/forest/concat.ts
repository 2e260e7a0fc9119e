/** The arrays one after the other. */
export function concatUint16(parts: readonly Uint16Array[]): Uint16Array {
  return joinInto(parts, new Uint16Array(totalLength(parts)))
}

/** The arrays one after the other. */
export function concatFloat64(parts: readonly Float64Array[]): Float64Array {
  return joinInto(parts, new Float64Array(totalLength(parts)))
}

/** The arrays one after the other. */
export function concatFloat32(parts: readonly Float32Array[]): Float32Array {
  return joinInto(parts, new Float32Array(totalLength(parts)))
}

function totalLength(parts: readonly { readonly length: number }[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0)
}

function joinInto<Target extends { set(part: ArrayLike<number>, offset: number): void }>(
  parts: readonly ArrayLike<number>[],
  target: Target,
): Target {
  let offset = 0
  for (const part of parts) {
    target.set(part, offset)
    offset += part.length
  }
  return target
}
