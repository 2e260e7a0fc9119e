import { roundsOf } from '@flotta/algorithms'
import { columnTransformersOf, type Model, type Query, type Step } from '@flotta/contract'
import { Collect } from './distributions.ts'
import { Aggregation, Fit, TrainTest } from './operations.ts'
import { Finalize, Parallel, type StepOptions } from './steps.ts'

/**
 * The steps that train a model: first the rounds in which the query's transformers are fitted over the federation, each of them a
 * Parallel and a Finalize, then the training, which uses what they fitted.
 *
 * @param options.query ends with a FederatedSplitter; nothing is fitted on test records
 */
export function trainingSteps(options: { readonly model: Model; readonly label: string; readonly query: Query }): Step[] {
  const { model, label, query } = options
  const { count } = roundsOf(columnTransformersOf(query.stages))
  const merge = Finalize(Aggregation({ strategy: 'merge' }))
  const fits = Array.from({ length: count }, (_, before) => [
    Parallel(Fit({ label, query, round: before + 1 }), Collect(), using(before)),
    merge,
  ])
  return [...fits.flat(), Parallel(TrainTest({ model, label, query }), Collect(), using(count)), merge]
}

/** The Finalize steps of the first so many rounds. */
function using(rounds: number): StepOptions {
  return rounds === 0 ? {} : { uses: Array.from({ length: rounds }, (_, round) => 2 * round + 1) }
}
