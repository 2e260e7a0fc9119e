import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startPostgres, type TestPostgres } from '../../packages/store/test/support/postgres.ts'
import { startNetwork } from '../support/network.ts'
import { madeUpTable } from '../support/tables.ts'

describe('PostgreSQL stops while a network works', () => {
  let server: TestPostgres
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server[Symbol.asyncDispose]())

  it('the node lives, says 503 with Retry-After, and goes on by itself with all that it had', async () => {
    const { host, port, username, password, database } = server
    const location = { kind: 'postgresql', host, port, username, password: () => password, database, schema: 'outage' } as const
    await using network = await startNetwork({ sites: { north: madeUpTable({ rows: 100 }) }, database: location })
    const project = await network.project()
    expect((await project.count()).count).toBe(100)

    const restart = await server.interrupt()
    await new Promise((resolve) => setTimeout(resolve, 1100))
    expect((await fetch(`${network.url}/healthz`)).status).toBe(200)
    const ready = await fetch(`${network.url}/readyz`)
    expect(ready.status).toBe(503)
    expect(ready.headers.get('retry-after')).toMatch(/^\d+$/)
    expect(await ready.json()).toMatchObject({ code: 'unavailable', detail: expect.stringContaining('database') })

    await restart()
    await expect.poll(async () => (await fetch(`${network.url}/readyz`)).status, { interval: 500 }).toBe(200)
    expect((await project.refresh()).records).toBe(100)
    expect((await project.count()).count).toBe(100)
  })
})
