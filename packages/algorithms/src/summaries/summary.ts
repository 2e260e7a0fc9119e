/**
 * A statistic that sites compute apart and a node puts together: the value of merged states is the value of the pooled table.
 *
 * Laws: `merge` is associative and commutative, and `init()` is its neutral element (counts exactly, sums to a relative
 * 1e-9 of the sum of magnitudes). A state is plain JSON. Functions return new states and leave their arguments alone.
 */
export interface Summary<State, Value, Input> {
  init(): State
  add(state: State, input: Input): State
  merge(a: State, b: State): State
  value(state: State): Value
}
