/**
 * Where a decreasing probability takes a value, between 0 and an upper end that is doubled until it is beyond; by bisection, which
 * no shape of the function leads astray.
 */
export function solve(upperTail: (x: number) => number, probability: number, end: number): number {
  let high = end
  while (upperTail(high) > probability && high < Number.MAX_VALUE / 2) high *= 2
  let low = 0
  for (let step = 0; step < 200; step++) {
    const middle = low + (high - low) / 2
    if (middle === low || middle === high) break
    if (upperTail(middle) > probability) low = middle
    else high = middle
  }
  return high
}
