import type { Crew, StepShape } from './step-shape.ts'

/** One worker after the other, each on the product of the one before; what the last one produces leaves the step (E10). */
export function sequential({ workers }: Crew): StepShape {
  return {
    jobs: workers.map((doer, place) => ({ doer, after: place === 0 ? undefined : place - 1 })),
    exits: workers.length === 0 ? [] : [workers.length - 1],
  }
}
