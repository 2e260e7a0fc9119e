import { MAX_MAGNITUDE } from '../../summaries/mean.ts'

/** Whether a value counts: it is not missing, infinite or so large that sums would overflow. */
export function isMeasured(value: number): boolean {
  return Math.abs(value) <= MAX_MAGNITUDE
}
