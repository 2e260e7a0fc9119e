import type { Column } from '../frame/column.ts'
import type { Frame } from '../frame/frame.ts'
import { selectRows } from '../frame/select.ts'
import type { Json } from '../json.ts'
import type { Guard } from '../summaries/guard.ts'
import { applyExpression } from './expressions/apply.ts'
import type { Expression } from './expressions/expression.ts'
import { type FeatureStatistics, plainExpressions, transformerStatistics } from './fit.ts'
import { allRows, inputsOf, localExpressions, type Preparation } from './preparation.ts'
import { fitOf, isFederatedFit, roundsOf } from './rounds.ts'
import type { Transformer } from './transformer.ts'

/** The records of a site, before any preparation. */
export interface Unprepared {
  readonly transformers: readonly Transformer[]
  /** What has been fitted over the federation so far, by the place of the transformer. */
  readonly fitted: ReadonlyMap<number, readonly Expression[]>
  readonly frame: Frame<Column>
  /** The training records; nothing is fitted on others. */
  readonly train: Int32Array
}

/** What a site tells in a round, for each transformer that is fitted in it, by its place. */
export function roundStatistics(records: Unprepared, round: number, guard: Guard): Map<number, FeatureStatistics[]> {
  const { transformers } = records
  const { readyAfter } = roundsOf(transformers)
  const training = selectRows(records.frame, records.train)
  const rows = allRows(training)
  const { frame } = prepare({ ...records, frame: training, train: rows }, round - 1)
  const statistics = new Map<number, FeatureStatistics[]>()
  for (const [place, transformer] of transformers.entries()) {
    if (readyAfter[place] !== round || !isFederatedFit(transformer)) continue
    statistics.set(place, transformerStatistics(transformer, frame, rows, guard))
  }
  return statistics
}

/**
 * All records, prepared by the transformers that can be applied after so many rounds, and what was done as it travels with a model.
 *
 * @param rounds @default all
 * @throws {PreparationError} when a transformer does not suit its columns
 * @throws {RangeError} when one of them has not been fitted
 */
export function prepare(
  { transformers, fitted, frame, train }: Unprepared,
  rounds = Number.POSITIVE_INFINITY,
): { frame: Frame<Column>; preparation: Preparation } {
  const { readyAfter } = roundsOf(transformers)
  const stages: Preparation['stages'][number][] = []
  let prepared = frame
  for (const [place, transformer] of transformers.entries()) {
    if (readyAfter[place] > rounds) continue
    const expressions = expressionsOf(transformer, fitted.get(place), prepared, train)
    if (fitOf(transformer) === 'local') stages.push({ op: 'fitLocally', transformer: transformer as unknown as Json })
    else stages.push(...expressions)
    for (const expression of expressions) prepared = applyExpression(prepared, expression)
  }
  return { frame: prepared, preparation: { inputs: inputsOf(frame), stages } }
}

function expressionsOf(
  transformer: Transformer,
  fitted: readonly Expression[] | undefined,
  frame: Frame<Column>,
  train: Int32Array,
): readonly Expression[] {
  switch (fitOf(transformer)) {
    case null:
      return plainExpressions(transformer, frame)
    case 'local':
      return localExpressions(transformer, frame, train)
    case 'federated':
      if (fitted === undefined) throw new RangeError(`${transformer.kind} has not been fitted`)
      return fitted
  }
}
