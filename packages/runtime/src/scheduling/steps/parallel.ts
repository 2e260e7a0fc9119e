import type { Crew, StepShape } from './step-shape.ts'

/** Every worker at the same time. */
export function parallel({ workers }: Crew): StepShape {
  return { jobs: workers.map((doer) => ({ doer, after: undefined })), exits: [...workers.keys()] }
}
