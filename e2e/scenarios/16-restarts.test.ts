import { describe, expect, it } from 'vitest'
import { startPostgres } from '../../packages/store/test/support/postgres.ts'
import { AppNetwork, type Sections } from '../support/app-network.ts'
import { madeUpTable } from '../support/tables.ts'

const north = madeUpTable({ rows: 2000, seed: 1 })
const south = madeUpTable({ rows: 2000, seed: 2, shift: 10 })

/** Kills the node in the middle of an artifact and starts it again: the artifact ends with its result. */
async function survives(database: Sections): Promise<void> {
  await using network = await AppNetwork.create({ database })
  const node = await network.startNode()
  const clients = [network.startClient('north', north), network.startClient('south', south)]
  await Promise.all(clients.map((client) => client.said(/joined the node/)))
  const project = await network.project()
  const counting = project.count().catch(() => undefined)
  await new Promise((resolve) => setTimeout(resolve, 20))
  node.kill('SIGKILL')
  await node.exited
  await network.startNode()
  // Whether the plan had been stored before the node died or not, the researcher's call ends with the right number.
  expect(((await counting) ?? (await project.count())).count).toBe(4000)
}

describe('SIGKILL of the node in the middle of an artifact', () => {
  it('loses nothing with SQLite in a file (law 3)', () => survives({ dialect: 'sqlite', host: './node.db' }), 180_000)

  it('loses nothing with PostgreSQL (law 3)', async () => {
    await using server = await startPostgres()
    const { host, port, username, password, database: name } = server
    await survives({ dialect: 'postgresql', host, port, username, password, name })
  }, 180_000)
})

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
