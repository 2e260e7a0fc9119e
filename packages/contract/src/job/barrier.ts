/** How far the jobs before a barrier have come. */
export interface BarrierCount {
  /** How many must complete. */
  readonly needed: number
  /** How many of those before it may be missing. */
  readonly spare: number
  /** How many have completed. */
  readonly arrived: number
  /** How many have failed for good. */
  readonly lost: number
  /** Whether it waits for everybody until its deadline, also when as many as are needed have arrived. */
  readonly patient: boolean
}

/**
 * What follows for a barrier when a job before it has ended.
 *
 * `open`: the next jobs may begin, without those who have not arrived. `unreachable`: fewer can arrive than are needed.
 */
export function barrierVerdict({ needed, spare, arrived, lost, patient }: BarrierCount): 'open' | 'wait' | 'unreachable' {
  if (lost > spare) return 'unreachable'
  if (arrived < needed) return 'wait'
  return patient && arrived + lost < needed + spare ? 'wait' : 'open'
}

/** The same at the deadline, when nobody is waited for any more. */
export function verdictAtDeadline({ needed, arrived }: Pick<BarrierCount, 'needed' | 'arrived'>): 'open' | 'unreachable' {
  return arrived >= needed ? 'open' : 'unreachable'
}
