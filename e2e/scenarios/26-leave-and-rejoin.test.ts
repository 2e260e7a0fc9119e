import { describe, expect, it } from 'vitest'
import { firstNode, furtherNode, sees } from '../support/node-network.ts'
import { madeUpTable } from '../support/tables.ts'

const north = madeUpTable({ rows: 100, seed: 1 })
const south = madeUpTable({ rows: 50, seed: 2 })

describe('a client that leaves', () => {
  it('has nothing planned on it at any node, and comes back as the one it was, counted once (E4, E5)', async () => {
    await using network = await firstNode()
    await network.startNode()
    const second = await furtherNode(network, 'second')
    const leaver = network.startClient('north', north)
    const stayer = network.startClient('south', south)
    await Promise.all([leaver, stayer].map((client) => client.said(/joined the node/)))
    const [here, there] = [await network.project(), await network.project(second.url)]
    const before = (await sees(here, 150)).clients.find(({ name }) => name === 'north')
    await sees(there, 150)

    leaver.kill('SIGTERM')
    await leaver.exited
    expect(await network.run('client', 'north', 'leave').exited).toBe(0)
    for (const project of [here, there]) expect((await (await sees(project, 50)).count()).count).toBe(50)

    await network.startClient('north', north).said(/joined the node/)
    for (const project of [here, there]) {
      expect((await sees(project, 150)).clients).toContainEqual(before)
      expect((await project.count()).count).toBe(150)
    }
  })

  it('while it runs is told so, and does not come back by itself; --leave is the same as leave', async () => {
    await using network = await firstNode()
    await network.startNode()
    const leaver = network.startClient('north', north)
    await leaver.said(/joined the node/)
    expect(await network.run('client', 'north', '--leave').exited).toBe(0)
    await leaver.said(/This component has left the network/)
    expect((await (await network.project()).refresh()).records).toBe(0)
  })

  it('ends the artifact that waits for it, and says why', async () => {
    await using network = await firstNode()
    await network.startNode()
    const leaver = network.startClient('north', north)
    const stayer = network.startClient('south', south)
    await Promise.all([leaver, stayer].map((client) => client.said(/joined the node/)))
    const project = await network.project()
    leaver.kill('SIGKILL')
    await leaver.exited
    const counting = project.count()
    counting.catch(() => undefined)
    await stayer.said(/job completed/)
    expect(await network.run('client', 'north', 'leave').exited).toBe(0)
    await expect(counting).rejects.toMatchObject({ code: 'worker_left' })
  })
})
