import type { Distribution } from '@flotta/contract'

/** Everything that was produced goes to the node. */
export function Collect(): Distribution {
  return { kind: 'Collect' }
}

/** Everything that was produced goes to every worker. What tells of one site's records is not sent to others: such a plan is refused. */
export function Distribute(): Distribution {
  return { kind: 'Distribute' }
}

/** Each worker keeps what it produced, for its part of the next step. */
export function Arrange(): Distribution {
  return { kind: 'Arrange' }
}

/** What each worker produced goes to its successor in the ring of workers. The step of this idea is {@link RoundRobin}. */
export function ToNextInRing(): Distribution {
  return { kind: 'RoundRobin' }
}

/** To the one that follows: to the first worker of a Sequential step, or, from each worker, to its successor in the ring. */
export function DirectToNext(): Distribution {
  return { kind: 'DirectToNext' }
}
