import type { Link } from './link.ts'

/** RoundRobin, DirectToNext: each to its successor; the last one's is the first, and a worker alone is its own. */
export function eachToNext(workers: number): Link[] {
  return Array.from({ length: workers }, (_, worker) => ({ from: [worker], to: [(worker + 1) % workers] }))
}
