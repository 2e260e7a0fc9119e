/** The middle of the values; the mean of the two middle ones where their number is even. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** A figure with its target; `holds` is null where there is no peer on this machine to compare with. */
export interface Figure {
  readonly name: string
  readonly value: number | null
  readonly unit: string
  readonly target: string
  readonly holds: boolean | null
}

/** Our median, and how many times as fast that is as the peer's. */
export function ratioFigures(
  name: string,
  ours: readonly number[],
  peer: readonly number[] | undefined,
  target: number,
): Figure[] {
  const ms = median(ours)
  const ratio = peer === undefined ? null : median(peer) / ms
  return [
    { name, value: ms, unit: 'ms', target: '', holds: null },
    {
      name: '… times as fast as pandas',
      value: ratio,
      unit: '×',
      target: `≥ ${target}`,
      holds: ratio === null ? null : ratio >= target,
    },
  ]
}

/** The value that a share of the values does not exceed: the nearest rank. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}
