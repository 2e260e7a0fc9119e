import type { Crew, ShapedJob, StepShape } from './step-shape.ts'

/**
 * Once round: the first worker makes a mask that nobody else ever reads, each adds to it in turn, and when the sum is back where it
 * began the mask is taken off.
 */
export function secureSum({ workers }: Crew): StepShape {
  const [first] = workers
  if (first === undefined) return { jobs: [], exits: [] }
  const adding = workers.map((doer, place): ShapedJob => ({ doer, after: place, part: 'add' }))
  const last = workers.length
  return {
    jobs: [{ doer: first, after: undefined, part: 'mask' }, ...adding, { doer: first, after: last, uses: 0, part: 'unmask' }],
    exits: [last + 1],
  }
}
