import type { Column } from '../frame/column.ts'
import { assertNumeric, type Frame } from '../frame/frame.ts'
import { selectColumns } from '../frame/select.ts'
import type { Json } from '../json.ts'
import { unguarded } from '../summaries/guard.ts'
import { applyExpression } from './expressions/apply.ts'
import type { Expression } from './expressions/expression.ts'
import { fittedExpressions, plainExpressions, transformerStatistics } from './fit.ts'
import { type ColumnType, typeOf } from './kinds/kind.ts'
import { PreparationError } from './preparation-error.ts'
import type { Transformer } from './transformer.ts'

/** A column as it is before any preparation. */
export interface InputColumn {
  readonly name: string
  readonly type: ColumnType
}

/** A place where each site fitted a transformer by itself; what was fitted stayed there. The transformer is plain JSON. */
export interface LocalFit {
  readonly op: 'fitLocally'
  readonly transformer: Json
}

/** How a model's columns come from the raw ones. It is plain JSON and travels with the model. */
export interface Preparation {
  readonly inputs: readonly InputColumn[]
  readonly stages: readonly (Expression | LocalFit)[]
}

export function inputsOf({ names, columns }: Frame<Column>): InputColumn[] {
  return names.map((name, index) => ({ name, type: typeOf(columns[index]) }))
}

/** Whether a transformer was fitted at each site by itself, so that no parameters travel with the model. */
export function hasLocalFits({ stages }: Preparation): boolean {
  return stages.some(({ op }) => op === 'fitLocally')
}

/**
 * The columns that a model learns from or predicts with.
 *
 * @param frame has the inputs, in any order; other columns are left out
 * @throws {PreparationError} when an input is absent or of another type, a value is not known, or a transformer was fitted locally
 */
export function applyPreparation({ inputs, stages }: Preparation, frame: Frame<Column>): Frame {
  let prepared = inputColumns(inputs, frame)
  for (const stage of stages) {
    if (stage.op === 'fitLocally') throw notFitted()
    prepared = applyExpression(prepared, stage)
  }
  assertNumeric(prepared)
  return prepared
}

/**
 * A preparation in which the transformers that each site fitted by itself are fitted on these records.
 *
 * @param read a transformer from the JSON that came with the model
 * @throws {PreparationError} see {@link applyPreparation}
 */
export function fitPreparation(
  { inputs, stages }: Preparation,
  frame: Frame<Column>,
  read: (transformer: Json) => Transformer,
): Preparation {
  const fitted: Expression[] = []
  let prepared = inputColumns(inputs, frame)
  for (const stage of stages) {
    const expressions = stage.op === 'fitLocally' ? localExpressions(read(stage.transformer), prepared) : [stage]
    for (const expression of expressions) prepared = applyExpression(prepared, expression)
    fitted.push(...expressions)
  }
  return { inputs, stages: fitted }
}

/** A transformer fitted on all these records, as what it does to each column. */
export function localExpressions(transformer: Transformer, frame: Frame<Column>, rows = allRows(frame)): Expression[] {
  const statistics = transformerStatistics(transformer, frame, rows, unguarded)
  return statistics.length > 0 ? fittedExpressions(transformer, statistics) : plainExpressions(transformer, frame)
}

export function allRows({ rowCount }: Frame<Column>): Int32Array {
  return Int32Array.from({ length: rowCount }, (_, row) => row)
}

function inputColumns(inputs: readonly InputColumn[], frame: Frame<Column>): Frame<Column> {
  for (const { name, type } of inputs) {
    const place = frame.names.indexOf(name)
    if (place < 0) throw new PreparationError(name, 'is not among the columns')
    if (typeOf(frame.columns[place]) !== type) throw new PreparationError(name, `does not hold ${type}`)
  }
  return selectColumns(
    frame,
    inputs.map(({ name }) => name),
  )
}

function notFitted(): Error {
  return new Error(
    'the model was trained on records that each site prepared with parameters of its own, which never leave it; ' +
      'fit the preparation on records of your own first (fitPreparation)',
  )
}
