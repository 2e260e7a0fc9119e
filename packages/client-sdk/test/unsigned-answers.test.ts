import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type KeyDocument, routes } from '@flotta/contract'
import { generateIdentity } from '@flotta/crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { createHttpClient } from '../src/transport/http-client.ts'
import { NodeConnection } from '../src/transport/node-connection.ts'
import { parseNodeUrl } from '../src/transport/node-url.ts'

let server: Server
afterEach(() => server.close())

/** The code with which a call fails that something between answers with this status. */
async function codeAfter(status: number): Promise<unknown> {
  server = createServer((request, response) => {
    request.resume()
    response.writeHead(status).end('something between')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const node = parseNodeUrl(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const http = createHttpClient(node)
  const nodeKey = generateIdentity().document as KeyDocument
  const connection = new NodeConnection({ http, node, nodeKey, identity: generateIdentity(), nowMs: Date.now })
  const call = connection.call(routes.task.next, { body: { waitS: 0 } })
  const { code } = (await call.catch((error: unknown) => error)) as { code?: unknown }
  await http.close()
  return code
}

describe('an answer that the node has not signed', () => {
  it.each([408, 429, 502, 503, 504])('of status %i says that it will pass, and the call is tried again', async (status) => {
    expect(await codeAfter(status)).toBe('unavailable')
  })

  it.each([200, 301, 404, 500])('of status %i is not taken for the node’s', async (status) => {
    expect(await codeAfter(status)).toBe('node_mismatch')
  })
})
