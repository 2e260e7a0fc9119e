import type { Crew, StepShape } from './step-shape.ts'

/** Initialize and Finalize: one job at the node. */
export function atNode({ node }: Crew): StepShape {
  return { jobs: [{ doer: node, after: undefined }], exits: [0] }
}
