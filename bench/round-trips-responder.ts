/** Answers sealed messages with the same message, by the built packages as a node has them. */
import { PROTOCOL_VERSION } from '@flotta/contract'
import { generateIdentity, type KeyDocument } from '@flotta/crypto'
import express from 'express'
import { z } from 'zod'
import { createAppServer } from '../packages/runtime/dist/http/server.js'
import { mountRoutes } from '../packages/runtime/dist/node/http/mount-routes.js'
import { ReplayWindow } from '../packages/runtime/dist/node/http/replay-window.js'
import { silentLogger } from '../packages/runtime/dist/ports/logger.js'

const schema = z.strictObject({ text: z.string() })
const open = { access: { roles: ['anonymous'], ownership: 'none' }, streaming: 'none', errors: [] } as const
const closed = { ...open, access: { roles: ['client'], ownership: 'none' } } as const
const key = { method: 'GET', path: '/node/key', summary: '', responses: { 200: z.unknown() }, metadata: open } as const
export const echo = {
  method: 'POST',
  path: '/echo',
  summary: '',
  body: schema,
  responses: { 200: schema },
  metadata: closed,
} as const

/** Listens for one requester on a free port. */
export async function startResponder(requester: KeyDocument): Promise<{ readonly port: number; close(): void }> {
  const node = generateIdentity()
  const handlers = {
    bench: {
      key: async () => ({ name: 'bench', mode: 'node', protocol: PROTOCOL_VERSION, key: node.document }),
      echo: async ({ body }: { body: unknown }) => body,
    },
  }
  const known = { id: requester.id, kind: 'client', state: 'active', name: 'bench', key: requester }
  const router = mountRoutes(
    { routes: { bench: { key, echo } }, handlers },
    {
      identity: node,
      directory: { find: async () => known as never },
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
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return { port, close: () => server.close() }
}

const [, script, document] = process.argv
if (script?.endsWith('round-trips-responder.ts') && document !== undefined) {
  const { port } = await startResponder(JSON.parse(document) as KeyDocument)
  process.stdout.write(`${port}\n`)
}
