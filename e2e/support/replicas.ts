import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { startS3, type TestS3 } from '../../packages/distributed/test/support/s3.ts'
import { startPostgres, type TestPostgres } from '../../packages/store/test/support/postgres.ts'
import { AppNetwork, type Sections, urlOf } from './app-network.ts'
import type { AppProcess } from './app-process.ts'
import { type Balancer, startBalancer } from './balancer.ts'
import { freePort } from './free-port.ts'
import { Releasers } from './releasers.ts'

/** Two processes that are one node: over one PostgreSQL, with resources in S3, behind a balancer that prefers the first. */
export interface Replicas extends AsyncDisposable {
  readonly network: AppNetwork
  readonly database: TestPostgres
  readonly first: { readonly process: AppProcess; readonly url: string }
  readonly second: { readonly process: AppProcess; readonly url: string }
  readonly balancedUrl: string
  /** Sections of the configuration that all processes of the node share. */
  readonly shared: Sections
  /** Starts another process of the node; without the keys of the others it would be another node. */
  startReplica(name: string, port: number, withKeys?: boolean): Promise<AppProcess>
}

/** @param extra sections of the node's configuration besides */
export async function startReplicas(extra: Sections = {}): Promise<Replicas> {
  const acquired = new Releasers()
  try {
    const database = acquired.use(await startPostgres())
    const s3 = acquired.use(await startS3())
    const network = acquired.use(await AppNetwork.create({}))
    const secondPort = await freePort()
    const balancer: Balancer = acquired.use(await startBalancer([network.port, secondPort]))
    const balancedUrl = urlOf(balancer.port)
    const shared = { ...sharedSections(database, s3), ...extra }
    const startReplica = (name: string, port: number, withKeys = true) => {
      if (withKeys && name !== 'node')
        cpSync(join(network.folder, 'node', 'keys'), join(network.folder, name, 'keys'), { recursive: true })
      const projects = { token_projects_initial: [{ name: 'apps', token: network.token }] }
      return network.startNodeOf(name, port, { join: { first: true }, ...shared, node: { ...projects, url: balancedUrl } })
    }
    const first = await startReplica('node', network.port)
    const second = await startReplica('replica', secondPort)
    return {
      network,
      database,
      balancedUrl,
      shared,
      startReplica,
      first: { process: first, url: network.url },
      second: { process: second, url: urlOf(secondPort) },
      [Symbol.asyncDispose]: () => acquired[Symbol.asyncDispose](),
    }
  } catch (error) {
    await acquired[Symbol.asyncDispose]()
    throw error
  }
}

function sharedSections({ host, port, username, password, database: name }: TestPostgres, s3: TestS3): Sections {
  const { endpoint, bucket, accessKeyId: access_key_id, secretAccessKey: secret_access_key } = s3
  return {
    database: { dialect: 'postgresql', host, port, username, password, name },
    storage: { kind: 's3', s3: { endpoint, bucket, access_key_id, secret_access_key } },
  }
}
