/** The largest prime below 2²⁶: a product of two residues is exact in a double. */
const PRIME = 67_108_859

/** The residue of a whole number from zero to 2⁵³. The remainder operator takes ten times as long. */
export function residueOf(whole: number): number {
  const rest = whole - Math.floor(whole / PRIME) * PRIME
  // The quotient is rounded, which may have made it the next whole number.
  return rest < 0 ? rest + PRIME : rest
}

/** A residue less the product of two. */
export function subtractProduct(from: number, a: number, b: number): number {
  const rest = from - residueOf(a * b)
  return rest < 0 ? rest + PRIME : rest
}

/** The inverse of a residue that is not zero, by Fermat's little theorem. */
export function inverseOf(residue: number): number {
  let inverse = 1
  let square = residue
  for (let exponent = PRIME - 2; exponent > 0; exponent = Math.floor(exponent / 2)) {
    if (exponent % 2 === 1) inverse = residueOf(inverse * square)
    square = residueOf(square * square)
  }
  return inverse
}
