import { createServer, type Server } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../../packages/store/test/support/free-port.ts'
import { AppNetwork } from '../support/app-network.ts'

const csv = `x\n${Array.from({ length: 40 }, (_, row) => row).join('\n')}\n`

/** A port that another program listens on. */
async function takenPort(): Promise<{ readonly port: number; readonly server: Server }> {
  const port = await freePort()
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return { port, server }
}

describe('a component whose port another program has', () => {
  let network: AppNetwork
  let taken: Awaited<ReturnType<typeof takenPort>>
  beforeAll(async () => {
    network = await AppNetwork.create()
    taken = await takenPort()
  })
  afterAll(async () => {
    taken.server.close()
    await network[Symbol.asyncDispose]()
  })

  const remedy = (port: number) => new RegExp(`127\\.0\\.0\\.1:${port} can't be listened on: another process has this port\\.`)

  it('a node says so and ends, so that it can be started again: nothing of it goes on without its database', async () => {
    const started = network.startNodeOf('node', taken.port, {
      join: { first: true },
      database: { dialect: 'sqlite', host: './node.db' },
    })
    await expect(started).rejects.toThrow(remedy(taken.port))
    expect(await network.run('node', 'node', 'db', 'status').exited).toBe(0)
  })

  it('a client that is to answer its owner there says so and ends', async () => {
    const client = network.startClient('site', csv, { node: { name: 'site', interface: '127.0.0.1', port: taken.port } })
    expect(await client.exited).toBe(7)
    expect(client.lines.join('\n')).toMatch(remedy(taken.port))
  })
})

describe('a client over the workdir of another one that runs', () => {
  it('says so and ends, and the other one goes on as well as before; after a SIGKILL of that one it starts at once', async () => {
    await using network = await AppNetwork.create()
    await network.startNode()
    const first = network.startClient('site', csv)
    await first.said(/joined the node/)
    const second = network.run('client', 'site')
    expect(await second.exited).toBe(8)
    expect(second.lines.join('\n')).toMatch(/Another process works in .*workdir of its own/)
    expect((await (await network.project()).count()).count).toBe(40)
    first.kill('SIGKILL')
    await first.exited
    await network.startClient('site', csv).said(/joined the node/)
  })
})
