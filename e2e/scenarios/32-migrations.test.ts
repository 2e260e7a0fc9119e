import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openSqlite } from '../../packages/store/src/sqlite/open-sqlite.ts'
import { AppNetwork } from '../support/app-network.ts'

const patience = { interval: 200 }

/** What an operator, or another version, does to the file beside the running node. */
async function execute(network: AppNetwork, sql: string): Promise<void> {
  const opened = await openSqlite(join(network.folder, 'node', 'node.db'))
  await opened.query((session) => session.$executeRawUnsafe(sql))
  await opened.close()
}

async function ready(network: AppNetwork) {
  const response = await fetch(`${network.url}/readyz`)
  return { status: response.status, body: (await response.json()) as unknown }
}

describe('a node that is told to leave its tables alone (database.migrate: false)', () => {
  it('starts once they are up to date, and is ready as long as they are', async () => {
    await using network = await AppNetwork.create({ database: { dialect: 'sqlite', host: './node.db', migrate: false } })
    await expect(network.startNode()).rejects.toThrow(/lacks the migration 0001_init\. .* flotta db migrate/)
    expect(await network.run('node', 'node', 'db', 'migrate').exited).toBe(0)
    const node = await network.startNode()
    const well = { status: 200, body: { checks: expect.arrayContaining([{ name: 'migrations', ok: true }]) } }
    const unwell = { status: 503, body: { code: 'unavailable', detail: 'The node is not ready: migrations.' } }
    expect(await ready(network)).toMatchObject(well)

    await execute(network, `UPDATE _migration SET name = '9' || name WHERE name LIKE '0002%'`)
    await expect.poll(() => ready(network), patience).toMatchObject(unwell)
    await node.said(/self check: migrations not well: another version changed the tables \(90002_/)
    expect((await fetch(`${network.url}/healthz`)).status).toBe(200)

    await execute(network, `UPDATE _migration SET name = substr(name, 2) WHERE name LIKE '90002%'`)
    await expect.poll(() => ready(network), patience).toMatchObject(well)
    await node.said(/self check: migrations well again/)

    await execute(network, `DELETE FROM _migration WHERE name LIKE '0002%'`)
    await expect.poll(() => ready(network), patience).toMatchObject(unwell)
    await node.said(/the tables lack 0002_.*flotta db migrate/)
  })
})
