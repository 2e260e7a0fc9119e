import { createServer, type Server } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { freePort } from '../../store/test/support/free-port.ts'
import { createHttpClient, type HttpClient } from '../src/transport/http-client.ts'
import { parseNodeUrl } from '../src/transport/node-url.ts'

/** Addresses of one machine: all of 127.0.0.0/8 is the loopback interface of Linux. */
const OLD = '127.0.0.1'
const NEW = '127.0.0.2'

const servers: Server[] = []
let client: HttpClient | undefined
afterEach(async () => {
  await client?.close()
  for (const server of servers.splice(0)) server.closeAllConnections()
})

function serve(address: string, port: number): Promise<Server> {
  const server = createServer((_request, response) => response.end(address))
  servers.push(server)
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, address, () => resolve(server))
  })
}

async function vanish(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve))
  server.closeAllConnections()
  await closed
}

/** A client of a name that resolves to whatever address the name has at the time. */
function clientOf(port: number, name: { address: string }): HttpClient & { readonly asked: string[] } {
  const asked: string[] = []
  const http = createHttpClient(parseNodeUrl(`http://node.example.org:${port}`), {
    proxy: 'none',
    lookup: (_hostname, _options, callback) => {
      asked.push(name.address)
      callback(null, [{ address: name.address, family: 4 }])
    },
  })
  client = http
  return Object.assign(http, { asked })
}

const answer = async (http: HttpClient) => {
  const { body } = await http.send({ method: 'GET', path: '/', headers: {} })
  return Buffer.concat(await body.toArray()).toString()
}

describe.runIf(process.platform === 'linux')('a node that moves to another address', () => {
  it('is found there by its name, over the connections that knew the old address', async () => {
    const port = await freePort()
    const before = await serve(OLD, port)
    const name = { address: OLD }
    const http = clientOf(port, name)
    expect(await answer(http)).toBe(OLD)
    await vanish(before)
    await expect(answer(http)).rejects.toMatchObject({ code: 'unavailable' })
    await serve(NEW, port)
    await expect(answer(http)).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('ECONNREFUSED') })
    name.address = NEW
    expect(await answer(http)).toBe(NEW)
  })

  it('is looked up for each attempt, and not for each request over a connection that lasts', async () => {
    const port = await freePort()
    const server = await serve(OLD, port)
    const http = clientOf(port, { address: OLD })
    for (let i = 0; i < 20; i++) await answer(http)
    expect(http.asked.length).toBeLessThan(5)
    await vanish(server)
    const attempts = 3
    const before = http.asked.length
    for (let i = 0; i < attempts + 1; i++) await answer(http).catch(() => undefined)
    expect(http.asked.length - before).toBeGreaterThanOrEqual(attempts)
  })
})
