import type { Router } from 'express'
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { mountMetrics } from '../http/mount-metrics.ts'
import type { TaskSource } from '../worker/task-source.ts'

export interface ClientMetrics {
  /** The same source; what becomes of its jobs is counted. */
  counting(source: TaskSource): TaskSource
  /** Adds `GET /metrics`, in the format of Prometheus. */
  mount(router: Router): void
}

export interface ClientFigures {
  readonly joined: boolean
  readonly usableTables: number
  readonly unusableTables: number
}

/** What a client counts for its owner. Nothing names a table, a project or a person. */
export function createClientMetrics(figures: () => ClientFigures): ClientMetrics {
  const register = new Registry()
  collectDefaultMetrics({ register, prefix: 'flotta_' })
  const registers = [register]
  const joined = new Gauge({ name: 'flotta_client_joined', help: 'Whether the node has let the client in', registers })
  const tables = new Gauge({
    name: 'flotta_client_tables',
    help: 'Tables by whether they can be read',
    labelNames: ['state'],
    registers,
  })
  const jobs = new Counter({
    name: 'flotta_client_jobs_total',
    help: 'Jobs by how they ended',
    labelNames: ['outcome'],
    registers,
  })
  for (const outcome of ['completed', 'failed']) jobs.inc({ outcome }, 0)
  return {
    counting: (source) => ({
      ...source,
      complete: async (...completion) => {
        const next = await source.complete(...completion)
        jobs.inc({ outcome: 'completed' })
        return next
      },
      fail: async (...failure) => {
        await source.fail(...failure)
        jobs.inc({ outcome: 'failed' })
      },
    }),
    mount: (router) =>
      mountMetrics(router, register, () => {
        const now = figures()
        joined.set(now.joined ? 1 : 0)
        tables.set({ state: 'usable' }, now.usableTables)
        tables.set({ state: 'unusable' }, now.unusableTables)
      }),
  }
}
