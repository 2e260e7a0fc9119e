import { type Column, type Frame, type InputColumn, prepare } from '@flotta/algorithms'
import type { ColumnTransformer } from '@flotta/contract'
import type { FittedTransformersResult } from '../results/fitted-transformers.ts'
import type { LocalTable } from './local-table.ts'

/** Transformers that were fitted over the federation, ready for tables of one's own. */
export class FittedPreparation {
  readonly transformers: readonly ColumnTransformer[]
  /** The columns that it takes. */
  readonly inputs: readonly InputColumn[]
  readonly fitted: FittedTransformersResult

  constructor(transformers: readonly ColumnTransformer[], inputs: readonly InputColumn[], fitted: FittedTransformersResult) {
    this.transformers = transformers
    this.inputs = inputs
    this.fitted = fitted
  }

  /**
   * The columns as all sites prepare theirs. Transformers with `fit: 'local'` are fitted on this table, as each site fits them on its own.
   *
   * @throws {RangeError | PreparationError} when a column is absent, or has a value that is not known
   */
  apply(table: LocalTable): Frame<Column> {
    const frame = table.columns(this.inputs)
    const fitted = new Map(this.fitted.transformers.map(({ place, expressions }) => [place, expressions]))
    const train = Int32Array.from({ length: frame.rowCount }, (_, row) => row)
    return prepare({ transformers: this.transformers, fitted, frame, train }).frame
  }
}
