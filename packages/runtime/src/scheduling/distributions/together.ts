import type { Link } from './link.ts'

/** Collect, Distribute: every taker gets everything, by one barrier that all of them share. */
export function together(producers: number, takers: number): Link[] {
  return [{ from: places(producers), to: places(takers) }]
}

function places(count: number): number[] {
  return Array.from({ length: count }, (_, place) => place)
}
