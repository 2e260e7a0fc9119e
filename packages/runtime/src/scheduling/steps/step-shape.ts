import type { ComponentId, PlainStep } from '@flotta/contract'
import { atNode } from './at-node.ts'
import { parallel } from './parallel.ts'
import { roundRobin } from './round-robin.ts'
import { sequential } from './sequential.ts'

/** Who can do a job. Workers are in canonical order, which is that of the ring as well. */
export interface Crew {
  readonly node: ComponentId
  readonly workers: readonly ComponentId[]
}

/** A job of a step, before anybody knows what comes before and after the step. */
export interface ShapedJob {
  readonly doer: ComponentId
  /** The job of the same step whose product it takes, by its place in the list; absent: it takes what came before the step. */
  readonly after: number | undefined
}

/** The jobs of one step in canonical order, and the places of those whose products leave it. */
export interface StepShape {
  readonly jobs: readonly ShapedJob[]
  /** By worker, where every worker has one. */
  readonly exits: readonly number[]
}

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
    case 'RoundRobin':
      return roundRobin(crew)
    default:
      return kind satisfies never
  }
}
