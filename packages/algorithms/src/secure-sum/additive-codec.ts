import type { RingField } from './ring-field.ts'

/**
 * A site's summary as integers of fixed places, such that adding them place by place is merging the summaries.
 *
 * The places follow from what is asked and from values agreed before, never from the records: whoever sees a sum of them, or one
 * under a mask, learns nothing of which of them a site has filled.
 */
export interface AdditiveCodec<State> {
  readonly fields: readonly RingField[]
  /** @param state of one site */
  encode(state: State): bigint[]
  /** @throws {RangeError} when a number is none that sites can have added up to */
  decode(integers: readonly bigint[]): State
}
