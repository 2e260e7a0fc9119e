/** A server with one validated JSON route, mounted as a node mounts its own. */
import { generateIdentity } from '@flotta/crypto'
import express from 'express'
import { z } from 'zod'
import { createAppServer } from '../packages/runtime/src/http/server.ts'
import { mountRoutes } from '../packages/runtime/src/node/http/mount-routes.ts'
import { ReplayWindow } from '../packages/runtime/src/node/http/replay-window.ts'
import { silentLogger } from '../packages/runtime/src/ports/logger.ts'

const item = z.strictObject({
  name: z.string(),
  description: z.string().nullable(),
  price: z.number(),
  tags: z.array(z.string()),
})
const routes = {
  bench: {
    item: {
      method: 'POST',
      path: '/item',
      summary: 'Echo',
      body: item,
      responses: { 200: item },
      metadata: { access: { roles: ['anonymous'], ownership: 'none' }, streaming: 'none', errors: [] },
    },
  },
} as const
const handlers = { bench: { item: async ({ body }: { body: z.infer<typeof item> }) => body } }

const router = mountRoutes(
  { routes, handlers },
  {
    identity: generateIdentity(),
    directory: { find: async () => undefined },
    replayWindow: new ReplayWindow(Date.now(), 60_000),
    clockSkewMs: 60_000,
    maxBodyBytes: 1024 * 1024,
    logger: silentLogger,
    nowMs: Date.now,
  },
)
const app = express()
app.use(router)
const server = createAppServer(app)
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.stdout.write(`${typeof address === 'object' && address !== null ? address.port : 0}\n`)
})
