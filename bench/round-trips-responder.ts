/** Answers sealed messages with the same message, by the built packages as a node has them. */
import { PROTOCOL_VERSION } from '@flotta/contract'
import { generateIdentity, type KeyDocument } from '@flotta/crypto'
import { z } from 'zod'
import { serveRoutes } from './serve-routes.ts'

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
export function startResponder(requester: KeyDocument): ReturnType<typeof serveRoutes> {
  const node = generateIdentity()
  const handlers = {
    bench: {
      key: async () => ({ name: 'bench', mode: 'node', protocol: PROTOCOL_VERSION, key: node.document }),
      echo: async ({ body }: { body: unknown }) => body,
    },
  }
  return serveRoutes({ routes: { bench: { key, echo } }, handlers }, node, requester)
}

const [, script, document] = process.argv
if (script?.endsWith('round-trips-responder.ts') && document !== undefined) {
  const { port } = await startResponder(JSON.parse(document) as KeyDocument)
  process.stdout.write(`${port}\n`)
}
