import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type Project, type Workbench } from '@flotta/client-sdk'
import type { PublishMode } from '@flotta/contract'
import { createToken, generateIdentity, openIdentity } from '@flotta/crypto'
import {
  createClient,
  createNode,
  createPoolExecutor,
  type DatasourceSource,
  type FlottaClient,
  type FlottaNode,
  type Logger,
  type NodeOptions,
  type ReleasePolicy,
  silentLogger,
  type TaskExecutor,
} from '@flotta/runtime'
import type { Store } from '@flotta/runtime/ports'
import { openStore } from '@flotta/store'
import { Releasers } from './releasers.ts'

type Declared = Partial<Pick<Extract<DatasourceSource, { format: 'csv' | 'tsv' }>, 'features' | 'missing'>>

export interface NetworkOptions {
  /** CSV text by the name of the site, or of each of its tables. */
  readonly sites: Readonly<Record<string, string | readonly string[]>>
  readonly database?: Parameters<typeof openStore>[0]['database']
  readonly leaseMs?: number
  /** @default 5 */
  readonly heartbeatS?: number
  readonly allowResourceDownload?: boolean
  readonly admission?: NodeOptions['admission']
  readonly operatorKeys?: NodeOptions['operatorKeys']
  /** What each data holder allows. @default at least 10 records, and 10 in a cell */
  readonly policy?: ReleasePolicy
  /** What is told of a site's table before any job. @default 'summary' */
  readonly publish?: Readonly<Record<string, PublishMode>>
  /** What the data holders state of their tables. */
  readonly declared?: Readonly<Record<string, Declared>>
  readonly logger?: Logger
}

/** A node and its clients in this process, talking over real HTTP with the real exchange, database, files and workers. */
export interface Network extends AsyncDisposable {
  readonly url: string
  readonly token: string
  readonly folder: string
  readonly node: FlottaNode
  readonly store: Store
  readonly clients: readonly FlottaClient[]
  /** A further site, by a way and with a log of its own; resolves when it has joined. */
  site(name: string, csv: string, url: string, logger?: Logger): Promise<FlottaClient>
  /** A researcher of his own: each call makes another one. */
  workbench(): Promise<Workbench>
  project(): Promise<Project>
}

export async function startNetwork(options: NetworkOptions): Promise<Network> {
  const acquired = new Releasers()
  try {
    return await assemble(options, acquired)
  } catch (error) {
    await acquired[Symbol.asyncDispose]()
    throw error
  }
}

async function assemble(options: NetworkOptions, acquired: Releasers): Promise<Network> {
  const folder = mkdtempSync(join(tmpdir(), 'flotta-e2e-'))
  acquired.defer(() => rmSync(folder, { recursive: true, force: true }))
  const logger = options.logger ?? silentLogger
  const token = createToken('project')
  const executor = acquired.use(createPoolExecutor({ workers: 2, memoryMb: 512, timeoutMs: 60_000, logger }))
  const store = acquired.use(await openStore({ database: options.database ?? { kind: 'memory' } }))
  const node = acquired.use(
    await createNode({
      store,
      executor,
      identity: generateIdentity(),
      workdir: join(folder, 'node'),
      projects: [{ name: 'e2e', token }],
      leaseMs: options.leaseMs ?? 30_000,
      allowResourceDownload: options.allowResourceDownload ?? true,
      heartbeatS: options.heartbeatS ?? 5,
      ...(options.admission ? { admission: options.admission } : {}),
      ...(options.operatorKeys ? { operatorKeys: options.operatorKeys } : {}),
      logger,
    }),
  )
  await node.start()
  const url = `http://127.0.0.1:${await node.listen({ host: '127.0.0.1', port: 0 })}`
  const site = (name: string, tables: string | readonly string[], by = url, its = logger) =>
    acquired.use(
      siteClient({
        name,
        tables: [tables].flat(),
        url: by,
        token,
        folder,
        executor,
        logger: its,
        policy: options.policy ?? { minimumRecords: 10, minimumCell: 10 },
        publish: options.publish?.[name] ?? 'summary',
        declared: options.declared?.[name] ?? {},
      }),
    )
  const clients = Object.entries(options.sites).map(([name, tables]) => site(name, tables))
  for (const client of clients) client.start()
  await Promise.all(clients.map((client) => client.joined()))

  let workbenches = 0
  const workbench = async () => acquired.use(await connect(url, { folder: join(folder, `workbench-${workbenches++}`) }))
  return {
    url,
    token,
    folder,
    node,
    store,
    clients,
    site: async (name, csv, by, its) => {
      const client = site(name, csv, by, its)
      client.start()
      await client.joined()
      return client
    },
    workbench,
    project: async () => (await workbench()).project(token),
    [Symbol.asyncDispose]: () => acquired[Symbol.asyncDispose](),
  }
}

interface SiteOptions {
  readonly name: string
  readonly tables: readonly string[]
  readonly url: string
  readonly token: string
  readonly folder: string
  readonly executor: TaskExecutor
  readonly logger: Logger
  readonly policy: ReleasePolicy
  readonly publish: PublishMode
  readonly declared: Declared
}

function siteClient({
  name,
  tables,
  url,
  token,
  folder,
  executor,
  logger,
  policy,
  publish,
  declared,
}: SiteOptions): FlottaClient {
  const workdir = join(folder, name)
  mkdirSync(workdir, { recursive: true })
  const datasources = tables.map((csv, index) => {
    const path = join(workdir, `table${index || ''}.csv`)
    writeFileSync(path, csv)
    const table = index === 0 ? name : `${name}-${index}`
    const source: DatasourceSource = { kind: 'file', name: table, path, format: 'csv', ...declared }
    return { name: table, publish, source: () => source, tokens: () => [token] }
  })
  return createClient({
    nodeUrl: url,
    identity: openIdentity(join(workdir, 'keys')),
    name,
    workdir,
    datasources,
    executor,
    policy,
    logger: logger.with({ client: name }),
  })
}
