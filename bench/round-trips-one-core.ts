/** Round trips of a sealed 1 KB message, by the built packages as users have them, over loopback HTTP and without it; prints round trips a second, one figure a round. */
import { connectNode } from '@flotta/client-sdk/transport'
import { PROTOCOL_VERSION } from '@flotta/contract'
import { createRequest, generateIdentity, type KeyDocument, verifyRequest } from '@flotta/crypto'
import express from 'express'
import { z } from 'zod'
import { createAppServer } from '../packages/runtime/dist/http/server.js'
import { mountRoutes } from '../packages/runtime/dist/node/http/mount-routes.js'
import { ReplayWindow } from '../packages/runtime/dist/node/http/replay-window.js'
import { silentLogger } from '../packages/runtime/dist/ports/logger.js'

const rounds = Number(process.argv[2] ?? 3)
const node = generateIdentity()
const client = generateIdentity()
const message = { text: 'x'.repeat(1000) }
const schema = z.strictObject({ text: z.string() })
const open = { access: { roles: ['anonymous'], ownership: 'none' }, streaming: 'none', errors: [] } as const
const closed = { ...open, access: { roles: ['client'], ownership: 'none' } } as const
const key = { method: 'GET', path: '/node/key', summary: '', responses: { 200: z.unknown() }, metadata: open } as const
const echo = { method: 'POST', path: '/echo', summary: '', body: schema, responses: { 200: schema }, metadata: closed } as const

async function overHttp(): Promise<number[]> {
  const handlers = {
    bench: {
      key: async () => ({ name: 'bench', mode: 'node', protocol: PROTOCOL_VERSION, key: node.document }),
      echo: async ({ body }: { body: typeof message }) => body,
    },
  }
  const known = { id: client.id, kind: 'client', state: 'active', name: 'bench', key: client.document as KeyDocument }
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
  const connected = await connectNode({ url: `http://127.0.0.1:${port}`, identity: client })
  const call = () => connected.connection.call(echo, { body: message })
  const figures = await measured(call, 16)
  await connected.close()
  server.close()
  return figures
}

async function exchangeAlone(): Promise<number[]> {
  const bytes = Buffer.from(JSON.stringify(message))
  const options = { identity: node, clockSkewMs: 60_000, findKey: () => client.document, acceptNonce: () => true }
  return measured(async () => {
    const nowMs = Date.now()
    const request = createRequest({
      sender: client,
      recipient: node.document,
      method: 'POST',
      path: '/echo',
      query: '',
      body: bytes,
      nowMs,
    })
    const verdict = await verifyRequest(
      { method: 'POST', path: '/echo', query: '', headers: request.headers },
      { ...options, nowMs },
    )
    if (!verdict.ok) throw new Error(verdict.reason)
    const opened = verdict.openBody(request.body!)
    const { headers, body } = verdict.responses.seal({ status: 200, body: opened! })
    if (!request.responses.open({ status: 200, headers, body }).ok) throw new Error('the answer was refused')
  }, 1)
}

/** Signing, sealing and HTTP together take some seconds until they are compiled. */
const WARM_UP_ROUNDS = 4

/** Calls a second, `rounds` times over about a second each, with a number of calls under way at once. */
async function measured(call: () => Promise<unknown>, concurrency: number): Promise<number[]> {
  const figures: number[] = []
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    const start = performance.now()
    let calls = 0
    await Promise.all(
      Array.from({ length: concurrency }, async () => {
        while (performance.now() - start < 1000) {
          await call()
          calls++
        }
      }),
    )
    if (round >= 0) figures.push((calls * 1000) / (performance.now() - start))
  }
  return figures
}

process.stdout.write(JSON.stringify({ overHttp: await overHttp(), exchange: await exchangeAlone() }))
