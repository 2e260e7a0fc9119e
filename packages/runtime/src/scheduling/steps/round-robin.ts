import type { Crew, ShapedJob, StepShape } from './step-shape.ts'

/**
 * As many products as workers travel round the ring. At hop h worker w takes what worker w - 1 made at hop h - 1, so that after as
 * many hops as workers each product has met every worker once, and no more of them are at work than there are workers (E11).
 *
 * The product that worker w began ends at worker w - 1, the last that it had not met.
 */
export function roundRobin({ workers }: Crew): StepShape {
  const count = workers.length
  const jobs: ShapedJob[] = []
  for (let hop = 0; hop < count; hop++) {
    for (const [place, doer] of workers.entries()) {
      jobs.push({ doer, after: hop === 0 ? undefined : (hop - 1) * count + ((place + count - 1) % count) })
    }
  }
  return { jobs, exits: workers.map((_, place) => (count - 1) * count + place) }
}
