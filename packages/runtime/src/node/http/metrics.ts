import { performance } from 'node:perf_hooks'
import { isFlottaError } from '@flotta/contract'
import type { Router } from 'express'
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { mountMetrics } from '../../http/mount-metrics.ts'
import type { Store } from '../../ports/store.ts'

/** Tells how long a request took: the route of the contract, never a path, and the status. */
export type ObserveRequest = (route: string, status: number, seconds: number) => void

export interface NodeMetrics {
  readonly observe: ObserveRequest
  /** Adds `GET /metrics`, in the format of Prometheus. */
  mount(router: Router): void
}

/**
 * What the node counts. Labels are states, kinds and routes: nothing names a client, a project or a person.
 */
export function createMetrics(store: Store): NodeMetrics {
  const register = new Registry()
  collectDefaultMetrics({ register, prefix: 'flotta_' })
  const requests = new Histogram({
    name: 'flotta_http_request_duration_seconds',
    help: 'Time to answer a request, by route and status; held requests and streams count until they end',
    labelNames: ['route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 600],
    registers: [register],
  })
  const gauge = (name: string, help: string, label: string) =>
    new Gauge({ name, help, labelNames: [label], registers: [register] })
  const artifacts = gauge('flotta_artifacts', 'Artifacts by state', 'state')
  const jobs = gauge('flotta_jobs', 'Jobs by state', 'state')
  const components = gauge('flotta_components', 'Active components by kind', 'kind')
  const database = new Gauge({ name: 'flotta_database_up', help: 'Whether the database answers', registers: [register] })

  async function collect(): Promise<void> {
    try {
      const counts = await store.inventory.counts()
      for (const metric of [artifacts, jobs, components]) metric.reset()
      for (const [state, n] of Object.entries(counts.artifacts)) artifacts.set({ state }, n)
      for (const [state, n] of Object.entries(counts.jobs)) jobs.set({ state }, n)
      for (const [kind, n] of Object.entries(counts.components)) components.set({ kind }, n)
      database.set(1)
    } catch (error) {
      if (!isFlottaError(error)) throw error
      database.set(0)
    }
  }

  return {
    observe: (route, status, seconds) => requests.observe({ route, status }, seconds),
    mount: (router) => mountMetrics(router, register, collect),
  }
}

/** A stopwatch that answers seconds. */
export function stopwatch(): () => number {
  const startMs = performance.now()
  return () => (performance.now() - startMs) / 1000
}
