import type { Router } from 'express'
import type { Registry } from 'prom-client'

/** Adds `GET /metrics`, in the format of Prometheus. @param collect brings the figures up to date before they are told */
export function mountMetrics(router: Router, register: Registry, collect: () => Promise<void> | void): void {
  router.get('/metrics', async (_request, response) => {
    await collect()
    const text = await register.metrics()
    response.writeHead(200, { 'content-type': register.contentType, 'cache-control': 'no-store' })
    response.end(text)
  })
}
