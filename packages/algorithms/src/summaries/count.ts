import type { Frame } from '../frame/frame.ts'
import type { Summary } from './summary.ts'

export interface CountState {
  readonly records: number
}

/** Number of records, whatever is missing in them. */
export const countSummary: Summary<CountState, number, Frame> = {
  init: () => ({ records: 0 }),
  add: (state, frame) => ({ records: state.records + frame.rowCount }),
  merge: (a, b) => ({ records: a.records + b.records }),
  value: (state) => state.records,
}
