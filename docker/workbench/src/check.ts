/** An answer beside what the tables, laid on top of each other, say themselves. */
export interface Check {
  readonly what: string
  readonly federated: number
  readonly pooled: number
  /** By how much they may differ. */
  readonly tolerance: number
}

export function holds({ federated, pooled, tolerance }: Check): boolean {
  return Math.abs(federated - pooled) <= tolerance
}

/** A line for people. */
export function lineOf(check: Check): string {
  const { what, federated, pooled, tolerance } = check
  const verdict = holds(check) ? 'right' : 'WRONG'
  const how = tolerance === 0 ? 'exactly' : `within ${tolerance.toPrecision(2)}`
  return `${what.padEnd(44)} ${shown(federated)} ${shown(pooled)}   ${verdict}, ${how}`
}

function shown(value: number): string {
  return (Number.isInteger(value) ? String(value) : value.toPrecision(10)).padStart(16)
}
