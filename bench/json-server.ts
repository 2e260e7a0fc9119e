/** A server with one validated JSON route, mounted as a node mounts its own. */
import { generateIdentity } from '@flotta/crypto'
import { z } from 'zod'
import { serveRoutes } from './serve-routes.ts'

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

const { port } = await serveRoutes({ routes, handlers }, generateIdentity())
process.stdout.write(`${port}\n`)
