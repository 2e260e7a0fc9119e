/** From here on the series is exact to a double. */
const SMALL = 16
const HALF_LOG_TWO_PI = Math.log(2 * Math.PI) / 2

/** Natural logarithm of the gamma function for positive x. */
export function logGamma(x: number): number {
  if (x < SMALL) {
    let product = 1
    let shifted = x
    while (shifted < SMALL) product *= shifted++
    return logGamma(shifted) - Math.log(product)
  }
  return (x - 0.5) * Math.log(x) - x + HALF_LOG_TWO_PI + stirlingSeries(x)
}

/** Remainder of Stirling's formula, ln Γ(x + 1) − ((x + ½) ln x − x + ½ ln 2π), without cancellation where x is large. */
export function stirlingRemainder(x: number): number {
  if (x >= SMALL) return stirlingSeries(x)
  return x === 0 ? Number.POSITIVE_INFINITY : logGamma(x + 1) - ((x + 0.5) * Math.log(x) - x + HALF_LOG_TWO_PI)
}

/** x · ln(x / mean) + mean − x without cancellation where the two are near (Loader 2000). */
export function deviance(x: number, mean: number): number {
  if (x === 0) return mean
  const relative = (x - mean) / (x + mean)
  if (Math.abs(relative) >= 0.1) return x * Math.log(x / mean) + mean - x
  let sum = (x - mean) * relative
  let term = 2 * x * relative
  for (let k = 1; k < 1000; k++) {
    term *= relative * relative
    const next = sum + term / (2 * k + 1)
    if (next === sum) return sum
    sum = next
  }
  return sum
}

function stirlingSeries(x: number): number {
  const square = 1 / (x * x)
  const tail = 1 / 1188 - square * (691 / 360_360 - square * (1 / 156 - square * (3617 / 122_400)))
  return (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square * tail)))) / x
}
