import { roundsOf } from '@flotta/algorithms'
import { columnTransformersOf, FlottaError, type Model, type Query, type Step } from '@flotta/contract'
import { Collect } from './distributions.ts'
import { Aggregation, Fit, TrainTest } from './operations.ts'
import { Finalize, Parallel, type StepOptions } from './steps.ts'

/** What is fitted, on which training records; the query ends with a FederatedSplitter, for nothing is fitted on test records. */
export interface FittingQuery {
  readonly label: string
  readonly query: Query
}

/**
 * The steps that train a model: first the rounds in which the query's transformers are fitted over the federation, each of them a
 * Parallel and a Finalize, then the training, which uses what they fitted.
 */
export function trainingSteps({ model, ...fitting }: FittingQuery & { readonly model: Model }): Step[] {
  const rounds = fittingRounds(fitting)
  return [...rounds, Parallel(TrainTest({ model, ...fitting }), Collect(), using(rounds.length / 2)), merging()]
}

/**
 * The steps that fit the query's transformers over the federation and release what was fitted, of all rounds.
 *
 * @throws {FlottaError} `invalid_artifact` when none of them is fitted over the federation
 */
export function fittingSteps(fitting: FittingQuery): Step[] {
  const rounds = fittingRounds(fitting)
  if (rounds.length === 0) throw new FlottaError('invalid_artifact', 'None of the transformers is fitted over the federation.')
  return [...rounds.slice(0, -1), merging(using(rounds.length / 2 - 1))]
}

function fittingRounds({ label, query }: FittingQuery): Step[] {
  const { count } = roundsOf(columnTransformersOf(query.stages))
  return Array.from({ length: count }, (_, before) => [
    Parallel(Fit({ label, query, round: before + 1 }), Collect(), using(before)),
    merging(),
  ]).flat()
}

function merging(options: StepOptions = {}): Step {
  return Finalize(Aggregation({ strategy: 'merge' }), options)
}

/** The Finalize steps of the first so many rounds. */
function using(rounds: number): StepOptions {
  return rounds === 0 ? {} : { uses: Array.from({ length: rounds }, (_, round) => 2 * round + 1) }
}
