import type { ComponentId, SecureSumJob } from '@flotta/contract'

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
  /** The job of the same step whose product it uses beside its input, by its place in the list. */
  readonly uses?: number
  /** What it does of the step, where the jobs of a step do different things. */
  readonly part?: SecureSumJob['part']
}

/** The jobs of one step in canonical order, and the places of those whose products leave it. */
export interface StepShape {
  readonly jobs: readonly ShapedJob[]
  /** By worker, where every worker has one. */
  readonly exits: readonly number[]
}
