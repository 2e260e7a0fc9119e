import type { PlainStep } from '@flotta/contract'
import { atNode } from './at-node.ts'
import { parallel } from './parallel.ts'
import { roundRobin } from './round-robin.ts'
import { secureSum } from './secure-sum.ts'
import { sequential } from './sequential.ts'
import type { Crew, StepShape } from './step-shape.ts'

/** Who does which jobs of a step, and in which order: rows in proportion to the jobs, whatever the step. */
export function shapeOf(kind: PlainStep['kind'], crew: Crew): StepShape {
  switch (kind) {
    case 'Initialize':
    case 'Finalize':
      return atNode(crew)
    case 'Parallel':
      return parallel(crew)
    case 'Sequential':
      return sequential(crew)
    case 'SecureSum':
      return secureSum(crew)
    case 'RoundRobin':
      return roundRobin(crew)
    default:
      return kind satisfies never
  }
}
