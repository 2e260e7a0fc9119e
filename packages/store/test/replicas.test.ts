import type { ComponentId } from '@flotta/contract'
import { networkKey, type Replicas, type Store } from '@flotta/runtime/ports'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStore, type PostgresqlLocation } from '../src/index.ts'
import { freshSchema, temporaryFolder } from './support/database.ts'
import { heldArtifactRules } from './support/held-artifact-rules.ts'
import { startPostgres, type TestPostgres } from './support/postgres.ts'
import { SilentFirewall } from './support/silent-firewall.ts'

const first = 'cmp_aaaaaaaaaaaaaaaaaaaaaaaaaa' as ComponentId
const second = 'cmp_bbbbbbbbbbbbbbbbbbbbbbbbbb' as ComponentId
const later = () => Date.now() + 60_000

let server: TestPostgres
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server[Symbol.asyncDispose]())

/** What a process hears: keys, or that it may have missed some. */
function earOf({ replicas }: Store): { readonly heard: (readonly string[] | undefined)[] } {
  const heard: (readonly string[] | undefined)[] = []
  replicas!.listen((keys) => heard.push(keys))
  return { heard }
}

describe('processes that serve one node over a PostgreSQL', () => {
  let location: PostgresqlLocation
  let a: Store
  let b: Store
  let replicas: { readonly a: Replicas; readonly b: Replicas }
  beforeAll(async () => {
    location = freshSchema(server)
    a = await openStore({ database: location })
    b = await openStore({ database: location })
    replicas = { a: a.replicas!, b: b.replicas! }
    return async () => {
      await a[Symbol.asyncDispose]()
      await b[Symbol.asyncDispose]()
    }
  })

  it('hear what a transition of another one woke, and not their own', async () => {
    const ears = { a: earOf(a), b: earOf(b) }
    await Promise.all([replicas.a.spend('connects a', later()), replicas.b.spend('connects b', later())])
    await a.projects.ensure({
      id: 'prj_aaaaaaaaaaaaaaaaaaaaaaaaaa' as never,
      name: 'study',
      tokenId: 't',
      tokenVerifier: 'v',
      state: 'active',
    })
    await expect.poll(() => ears.b.heard).toEqual([[networkKey]])
    await replicas.b.tell(['to-a'])
    await expect.poll(() => ears.a.heard).toEqual([['to-a']])
    expect(ears.b.heard).toEqual([[networkKey]])
  })

  it('hear every key of a long list', async () => {
    const ear = earOf(b)
    await replicas.b.spend('connects', later())
    const keys = Array.from({ length: 3000 }, (_, index) => `cmp_${String(index).padStart(26, 'a')}`)
    await replicas.a.tell(keys)
    await expect.poll(() => ear.heard.flat()).toEqual(keys)
  })

  it('hear nothing of the node of another schema', async () => {
    const other = await openStore({ database: freshSchema(server) })
    const ears = { other: earOf(other), b: earOf(b) }
    await Promise.all([other.replicas!.spend('connects', later()), replicas.b.spend('connects', later())])
    await replicas.a.tell(['only-here'])
    await expect.poll(() => ears.b.heard).toEqual([['only-here']])
    expect(ears.other.heard).toEqual([])
    await other[Symbol.asyncDispose]()
  })

  it('accept what may be used once once, whoever is asked, and however much at once', async () => {
    expect(await replicas.a.spend('nonce', later())).toBe(true)
    expect(await replicas.a.spend('nonce', later())).toBe(false)
    expect(await replicas.b.spend('nonce', later())).toBe(false)
    const many = Array.from({ length: 400 }, (_, index) => `nonce ${index % 100}`)
    const answers = await Promise.all(many.map((nonce, index) => replicas[index % 2 === 0 ? 'a' : 'b'].spend(nonce, later())))
    expect(answers.filter(Boolean)).toHaveLength(100)
  })

  it('let one of them lead, and the next one when that ends', async () => {
    const third = await openStore({ database: location })
    expect(await third.replicas!.leads()).toBe(true)
    expect(await replicas.b.leads()).toBe(false)
    expect(await third.replicas!.leads()).toBe(true)
    await third[Symbol.asyncDispose]()
    await expect.poll(() => replicas.b.leads()).toBe(true)
  })

  it('listen again after their connections were cut, look at everything then, and may lead again', async () => {
    const ear = earOf(b)
    expect(await replicas.b.leads()).toBe(true)
    await cutConnections()
    await expect.poll(() => ear.heard).toEqual([undefined])
    await replicas.a.tell(['after']).catch(() => replicas.a.tell(['after']))
    await expect.poll(() => ear.heard).toEqual([undefined, ['after']])
    const leaders = await Promise.all([replicas.a.leads(), replicas.b.leads()])
    expect(leaders.filter(Boolean)).toHaveLength(1)
  })

  it('give up a connection that was dropped without a word, and make another one', async () => {
    await using firewall = await SilentFirewall.before(server)
    await using store = await openStore({ database: { ...location, port: firewall.port, statementTimeoutMs: 1500 } })
    expect([await store.replicas?.spend('before', later()), await store.nowMs()]).toEqual([true, expect.any(Number)])
    firewall.forgetConnections()
    const attempts = await Promise.allSettled([store.replicas?.spend('lost', later()), store.nowMs()])
    expect(attempts).toMatchObject([{ reason: { code: 'unavailable' } }, { reason: { code: 'unavailable' } }])
    expect([await store.replicas?.spend('after', later()), await store.nowMs()]).toEqual([true, expect.any(Number)])
  })

  it('refuse what they can not remember', async () => {
    const absent = await openStore({ database: location })
    await absent[Symbol.asyncDispose]()
    await expect(absent.replicas!.spend('nonce', later())).rejects.toMatchObject({ code: 'unavailable' })
  })

  it('are of the node that came first', async () => {
    expect(await Promise.all([a.belongsTo(first), b.belongsTo(first)])).toEqual([first, first])
    expect(await b.belongsTo(second)).toBe(first)
  })

  async function cutConnections(): Promise<void> {
    const { host, port, username: user, password, database } = server
    const client = new pg.Client({ host, port, user, password, database })
    await client.connect()
    await client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'flotta'`)
    await client.end()
  }
})

describe('while another process holds an artifact', () => heldArtifactRules(() => server))

describe('a SQLite file', () => {
  it('is served by one process; the next one may when that has ended', async () => {
    await using folder = await temporaryFolder()
    const database = { kind: 'sqlite', file: `${folder.path}/node.db` } as const
    const serving = await openStore({ database, serving: true })
    expect(serving.replicas).toBeUndefined()
    await expect(openStore({ database, serving: true })).rejects.toMatchObject({ code: 'conflict' })
    const looking = await openStore({ database })
    await looking[Symbol.asyncDispose]()
    await serving[Symbol.asyncDispose]()
    const next = await openStore({ database, serving: true })
    await next[Symbol.asyncDispose]()
  })
})
