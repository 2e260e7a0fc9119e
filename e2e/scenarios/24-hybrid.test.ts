import { describe, expect, it } from 'vitest'
import { firstNode, furtherNode, sees } from '../support/node-network.ts'
import { madeUpTable } from '../support/tables.ts'

const table = (rows: number, seed: number) => madeUpTable({ rows, seed })

describe('clients of several nodes, and a node that holds data itself', () => {
  it('work for whichever node a researcher asks, each client by way of its own node alone', async () => {
    await using network = await firstNode()
    await network.startNode()
    const second = await furtherNode(network, 'second', { datasources: [network.datasource('second', table(30, 3))] })
    const north = network.startClient('north', table(100, 1))
    const south = network.startClient('south', table(50, 2), { join: { first: false, url: second.url } })
    await Promise.all([north, south].map((client) => client.said(/works for another node of the network too/)))
    for (const url of [network.url, second.url]) {
      const project = await sees(await network.project(url), 180)
      expect(project.clients.map(({ name }) => name).sort()).toEqual(['north', 'second', 'south'])
      expect((await project.count()).count).toBe(180)
    }
  })

  it('hear of a node that joins later, and of one that leaves', async () => {
    await using network = await firstNode()
    await network.startNode()
    const north = network.startClient('north', table(100, 1))
    await north.said(/joined the node/)
    const second = await furtherNode(network, 'second')
    await north.said(/works for another node/)
    expect((await (await sees(await network.project(second.url), 100)).count()).count).toBe(100)
    second.process.kill('SIGTERM')
    await second.process.exited
    expect(await network.run('node', 'second', 'leave').exited).toBe(0)
    expect((await (await network.project()).count()).count).toBe(100)
  })
})
