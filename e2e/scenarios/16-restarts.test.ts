import { describe, expect, it } from 'vitest'
import { AppNetwork } from '../support/app-network.ts'
import { madeUpTable } from '../support/tables.ts'

const north = madeUpTable({ rows: 2000, seed: 1 })

describe('SIGKILL of a client', () => {
  it('leaves its job to the client that comes back, the same component as before', async () => {
    await using network = await AppNetwork.create({ database: { dialect: 'sqlite', host: './node.db' } })
    await network.startNode()
    const client = network.startClient('north', north)
    await client.said(/joined the node/)
    const project = await network.project()
    client.kill('SIGKILL')
    await client.exited
    const counting = project.count()
    await network.startClient('north', north).said(/job completed/)
    expect((await counting).count).toBe(2000)
  }, 180_000)
})
