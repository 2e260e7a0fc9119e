/** Rounds to a multiple of a unit, by way of decimal text, so that no digits of noise are left. */
export function roundTo(value: number, unit: number): number {
  const digits = Math.max(0, -Math.floor(Math.log10(unit)))
  const rounded = Math.round(value / unit) * unit
  return digits > 100 ? rounded : Number(rounded.toFixed(digits))
}

/** One unit of the second significant digit. */
export function secondDigit(value: number): number {
  return 10 ** (Math.floor(Math.log10(value)) - 1)
}
