import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startPostgres, type TestPostgres } from '../../packages/store/test/support/postgres.ts'
import { startNetwork } from '../support/network.ts'
import { madeUpTable } from '../support/tables.ts'
import { Tap } from '../support/tap.ts'

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
    await sleep(1100)
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

  it('for longer than a lease while a site works: no attempt is taken from it, it renews and delivers first', async () => {
    const { host, port, username, password, database } = server
    const location = { kind: 'postgresql', host, port, username, password: () => password, database, schema: 'lease' } as const
    await using network = await startNetwork({ sites: {}, database: location, leaseMs: 3000, heartbeatS: 2 })
    await using tap = await Tap.before(Number(new URL(network.url).port))
    const north = await network.site('north', madeUpTable({ rows: 100 }), `http://127.0.0.1:${tap.port}`)
    const project = await network.project()
    // The grace of the start is over.
    await sleep(3200)

    let restart = async (): Promise<void> => undefined
    const stop = async () => {
      restart = await server.interrupt()
    }
    const stopped = tap.once('before', /^POST \/task\/job_\w+\/complete$/, stop)
    const counting = project.count()
    await stopped
    // What the site says of its job comes some looks later than the database.
    let letThrough = (): void => undefined
    const gate = new Promise<void>((resolve) => {
      letThrough = resolve
    })
    for (let said = 0; said < 10; said++) void tap.once('before', /^POST \/task\/job_/, () => gate, { goOn: true })
    await sleep(3200)
    await restart()
    await sleep(1500)
    letThrough()
    expect(await counting).toMatchObject({ count: 100 })
    const { jobs } = await project.runs.at(-1)!.status()
    expect(jobs[0]).toMatchObject({ status: 'COMPLETED', attempts: 1, failures: [] })
    await north.stop(0)
  })
})
