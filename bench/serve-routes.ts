import type { AddressInfo } from 'node:net'
import type { Identity, KeyDocument } from '@flotta/crypto'
import express from 'express'
import { createAppServer } from '../packages/runtime/dist/http/server.js'
import { Breaths } from '../packages/runtime/dist/node/http/breaths.js'
import { mountRoutes, type RouteTable } from '../packages/runtime/dist/node/http/mount-routes.js'
import { ReplayWindow } from '../packages/runtime/dist/node/http/replay-window.js'
import { silentLogger } from '../packages/runtime/dist/ports/logger.js'

/**
 * Serves a table of routes on a free port, mounted as a node mounts its own, by the built packages as a node has them.
 *
 * @param client the one component that is known, where the routes are not for everybody
 */
export async function serveRoutes(
  table: RouteTable,
  identity: Identity,
  client?: KeyDocument,
): Promise<{ readonly port: number; close(): void }> {
  const known = client && { id: client.id, kind: 'client', state: 'active', name: 'bench', key: client }
  const router = mountRoutes(table, {
    identity,
    directory: { find: async () => known as never },
    replayWindow: new ReplayWindow(Date.now(), 60_000),
    clockSkewMs: 60_000,
    maxBodyBytes: 1024 * 1024,
    breaths: new Breaths(10_000),
    logger: silentLogger,
    nowMs: Date.now,
  })
  const app = express()
  app.use(router)
  const server = createAppServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { port, close: () => server.close() }
}
