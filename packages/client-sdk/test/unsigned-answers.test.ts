import { createServer, type OutgoingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type ErrorCode, type FlottaError, type KeyDocument, mediaTypes, problemOf, routes } from '@flotta/contract'
import { generateIdentity } from '@flotta/crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { createHttpClient } from '../src/transport/http-client.ts'
import { NodeConnection } from '../src/transport/node-connection.ts'
import { parseNodeUrl } from '../src/transport/node-url.ts'

let server: Server
afterEach(() => server.close())

/** How a call fails that something between answers like this. */
async function failureAfter(status: number, headers: OutgoingHttpHeaders = {}, body = 'something between'): Promise<FlottaError> {
  server = createServer((request, response) => {
    request.resume()
    response.writeHead(status, headers).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const node = parseNodeUrl(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const http = createHttpClient(node)
  const nodeKey = generateIdentity().document as KeyDocument
  const connection = new NodeConnection({ http, node, nodeKey, identity: generateIdentity(), nowMs: Date.now })
  const failure = await connection.call(routes.task.next, { body: { waitS: 0 } }).catch((error: unknown) => error)
  await http.close()
  return failure as FlottaError
}

function problemAfter(code: ErrorCode): Promise<FlottaError> {
  const problem = problemOf(code)
  return failureAfter(problem.status, { 'content-type': mediaTypes.problem }, JSON.stringify(problem))
}

describe('an answer that the node has not signed', () => {
  it.each([200, 301, 403, 404, 407, 408, 413, 429, 500, 502, 503, 504])(
    'of status %i says nothing of the node, and passes like no answer',
    async (status) => {
      expect(await failureAfter(status)).toMatchObject({ code: 'unavailable' })
    },
  )

  it('is told with the address of the node and what answered, in few and harmless characters', async () => {
    const headers = { 'content-type': 'text/html', via: `1.1 wärter ${'x'.repeat(200)}`, server: 'squid/5.7' }
    const { message } = await failureAfter(403, headers)
    expect(message).toMatch(
      /node at http:\/\/127\.0\.0\.1:\d+ answered in its place \(status 403, content-type: text\/html, server: squid\/5\.7, via: 1\.1 w\?rter x+\)/,
    )
    expect(message.length).toBeLessThan(350)
  })

  it.each(['not_found', 'stale_lease', 'payload_too_large', 'internal_error', 'forbidden'] as const)(
    'is not taken for its %s',
    async (code) => {
      expect(await problemAfter(code)).toMatchObject({ code: 'unavailable' })
    },
  )

  it.each(['unauthenticated', 'clock_skew'] as const)('can be its %s, for which it may have no key to sign', async (code) => {
    expect(await problemAfter(code)).toMatchObject({ code })
  })
})
