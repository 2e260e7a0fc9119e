import { mediaTypes, problemOf } from '@flotta/contract'
import express, { type Express, type Response } from 'express'
import type { ClientHealth } from './client-health.ts'
import type { ClientMetrics } from './client-metrics.ts'

/** How old a check may be that a question for readiness is answered with. */
const READY_MAX_AGE_MS = 1_000

/**
 * What a client answers to its owner, where he has given it a port: whether it lives, whether it works, and what it counts. Nothing
 * else is answered there, least of all work; whoever takes it for a node is told by the header what it is.
 */
export function createMaintenanceApp(health: ClientHealth, metrics: ClientMetrics | undefined): Express {
  const app = express()
  app.use((_request, response, next) => {
    response.set({ 'flotta-component': 'client', 'cache-control': 'no-store' })
    next()
  })
  app.get('/healthz', (_request, response) => void response.json({ status: 'ok' }))
  app.get('/readyz', async (_request, response) => {
    const checks = await health.results(READY_MAX_AGE_MS)
    const bad = checks.filter(({ ok }) => !ok).map(({ name }) => name)
    if (health.stopping) unavailable(response, 'The client is stopping.')
    else if (bad.length > 0) unavailable(response, `The client is not ready: ${bad.join(', ')}.`)
    else response.json({ status: 'ready', checks: checks.map(({ name, ok }) => ({ name, ok })) })
  })
  metrics?.mount(app)
  app.use((_request, response) => sendProblem(response, problemOf('not_found')))
  return app
}

function unavailable(response: Response, detail: string): void {
  sendProblem(response.set('retry-after', '2'), problemOf('unavailable', detail))
}

function sendProblem(response: Response, problem: ReturnType<typeof problemOf>): void {
  response.status(problem.status).set('content-type', mediaTypes.problem).end(JSON.stringify(problem))
}
