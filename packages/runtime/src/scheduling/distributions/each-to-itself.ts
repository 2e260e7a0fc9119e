import type { Link } from './link.ts'

/** Arrange: each worker keeps its own, and goes on without waiting for others. */
export function eachToItself(workers: number): Link[] {
  return Array.from({ length: workers }, (_, worker) => ({ from: [worker], to: [worker] }))
}
