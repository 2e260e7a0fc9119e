import type * as contract from '@flotta/contract'

/** What a step reads beside what the step before hands it. */
export interface StepOptions {
  /** Places, in the same list of steps, of earlier Initialize and Finalize steps. */
  readonly uses?: readonly number[]
}

/** A step whose products travel on as told, or else in the only way that fits the next step best: to the node, to all, or each to itself. */
export interface TravelOptions extends StepOptions {
  readonly distribution?: contract.Distribution
}

/** The node does the operation once, before anybody else: it begins a plan. */
export function Initialize(operation: contract.Operation, options: Omit<TravelOptions, 'uses'> = {}): contract.Step {
  return { kind: 'Initialize', operation, ...options }
}

export interface ParallelOptions extends StepOptions {
  /** How many workers must have completed before the next step begins; all unless told. */
  readonly minWorkers?: number
  /** How long all workers are waited for. Then the next step begins if `minWorkers` have completed; else the plan has failed. */
  readonly timeoutS?: number
}

/**
 * All workers do the operation at the same time.
 *
 * With `minWorkers` alone the next step begins with the last worker that is needed; with `timeoutS` everybody is waited for until
 * then. Who is gone on without is told by `run.participants()`.
 */
export function Parallel(
  operation: contract.Operation,
  distribution: contract.Distribution,
  { minWorkers, timeoutS, ...options }: ParallelOptions = {},
): contract.Step {
  return {
    kind: 'Parallel',
    operation,
    distribution,
    ...usesOf(options),
    ...(minWorkers === undefined ? {} : { minWorkers }),
    ...(timeoutS === undefined ? {} : { timeoutS }),
  }
}

/** One worker after the other does the operation on what the one before produced; what the last one produces goes on. */
export function Sequential(operation: contract.Operation, options: TravelOptions = {}): contract.Step {
  return { kind: 'Sequential', operation, ...travelOf(options) }
}

/**
 * As many products as workers travel round the ring of workers until each has met every worker. The product that a worker holds in
 * the end is the one that its successor began.
 */
export function RoundRobin(operation: contract.Operation, options: TravelOptions = {}): contract.Step {
  return { kind: 'RoundRobin', operation, ...travelOf(options) }
}

/**
 * One worker after the other adds the summary of its records to a sum under a mask, which the first one makes and takes off in the
 * end: nobody sees the summary of another. At least three workers.
 *
 * @param options.levels the values of each key that is a feature by its values
 * @param options.timeoutS how long each worker is waited for when it is its turn; then the plan has failed
 */
export function SecureSum(
  operation: contract.Estimate,
  { levels = [], timeoutS }: { readonly levels?: contract.Levels; readonly timeoutS?: number } = {},
): contract.Step {
  return { kind: 'SecureSum', operation, levels, ...(timeoutS === undefined ? {} : { timeoutS }) }
}

/** The node does the operation. What the last step of a plan produces is released to the researcher; else it goes to the next step. */
export function Finalize(operation: contract.Operation, options: StepOptions = {}): contract.Step {
  return { kind: 'Finalize', operation, ...usesOf(options) }
}

export interface IterateOptions {
  /** Ends the rounds before the last one; their last step must then be a Finalize. */
  readonly until?: contract.Criterion
  /** How the products of the last round travel on, where they do so otherwise than those of the rounds before. */
  readonly distribution?: contract.Distribution
}

/** Does the steps again and again: what a round produces is the input of the next, and after the last one of the step that follows. */
export function Iterate(rounds: number, steps: readonly contract.Step[], options: IterateOptions = {}): contract.Step {
  return { kind: 'Iterate', rounds, steps: [...steps], ...options }
}

/** Rounds end when no number has changed by more than this share since the round before. */
export function Converged(tolerance: number): contract.Criterion {
  return { kind: 'Converged', tolerance }
}

function usesOf({ uses }: StepOptions): { uses?: number[] } {
  return uses ? { uses: [...uses] } : {}
}

function travelOf({ distribution, ...options }: TravelOptions): { uses?: number[]; distribution?: contract.Distribution } {
  return distribution ? { ...usesOf(options), distribution } : usesOf(options)
}
