const TINY = 1e-300

/**
 * b₀ + a₁/(b₁ + a₂/(b₂ + …)) by the modified Lentz algorithm (Thompson and Barnett 1986).
 *
 * @param part the pair (aₙ, bₙ); a₀ is not used
 */
export function continuedFraction(part: (n: number) => readonly [number, number]): number {
  let value = part(0)[1] || TINY
  let c = value
  let d = 0
  for (let n = 1; n < 100_000; n++) {
    const [a, b] = part(n)
    d = 1 / (b + a * d || TINY)
    c = b + a / c || TINY
    const factor = c * d
    value *= factor
    if (Math.abs(factor - 1) < 1e-16) break
  }
  return value
}
