import type { Distribution } from '@flotta/contract'
import type { Place } from '../places.ts'
import { eachToItself } from './each-to-itself.ts'
import { eachToNext } from './each-to-next.ts'
import type { Link } from './link.ts'
import { together } from './together.ts'

/** Whether a distribution can carry products from one place to another. */
export function fits(kind: Distribution['kind'], from: Place, to: Place): boolean {
  switch (kind) {
    case 'Collect':
      return to === 'node'
    case 'Distribute':
      return to === 'each'
    case 'Arrange':
    case 'RoundRobin':
      return from === 'each' && to === 'each'
    case 'DirectToNext':
      return (from === 'each') === (to === 'each') && to !== 'node'
    default:
      return kind satisfies never
  }
}

/** What a step that names no distribution means; absent where products of each worker meet a step that takes one. */
export function defaultDistribution(from: Place, to: Place): Distribution['kind'] | undefined {
  if (to === 'node') return 'Collect'
  if (from === 'each') return to === 'each' ? 'Arrange' : undefined
  return to === 'each' ? 'Distribute' : 'DirectToNext'
}

/** The barriers between two steps: never more than there are producers, however many they feed (E7). */
export function linksOf(kind: Distribution['kind'], producers: number, takers: number): Link[] {
  switch (kind) {
    case 'Collect':
    case 'Distribute':
      return together(producers, takers)
    case 'Arrange':
      return eachToItself(producers)
    case 'RoundRobin':
    case 'DirectToNext':
      return eachToNext(producers)
    default:
      return kind satisfies never
  }
}
