import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { startS3, type TestS3 } from '../../packages/distributed/test/support/s3.ts'
import { freePort } from '../../packages/store/test/support/free-port.ts'
import { startPostgres, type TestPostgres } from '../../packages/store/test/support/postgres.ts'
import { AppNetwork, type Sections, urlOf } from './app-network.ts'
import type { AppProcess } from './app-process.ts'
import { type Balancer, startBalancer } from './balancer.ts'
import { Releasers } from './releasers.ts'

/** One of the processes of a node. */
export interface Process {
  readonly url: string
  /** The one that runs, or ran last. */
  readonly process: AppProcess
  /** Starts it again after it ended. */
  restart(): Promise<void>
}

/** Two processes that are one node: over one PostgreSQL, with resources in S3, behind a balancer that prefers the first; leases are short. */
export interface Replicas extends AsyncDisposable {
  readonly network: AppNetwork
  readonly database: TestPostgres
  readonly first: Process
  readonly second: Process
  readonly balancedUrl: string
  /** Starts another process of the node; without the keys of the others it would be another node. */
  startReplica(name: string, port: number, withKeys?: boolean): Promise<AppProcess>
  startWorker(name: string): Promise<AppProcess>
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
    const shareKeys = (name: string) =>
      cpSync(join(network.folder, 'node', 'keys'), join(network.folder, name, 'keys'), { recursive: true })
    const startReplica = (name: string, port: number, withKeys = true) => {
      if (withKeys && name !== 'node') shareKeys(name)
      const projects = { token_projects_initial: [{ name: 'apps', token: network.token }] }
      return network.startNodeOf(name, port, {
        join: { first: true },
        ...shared,
        node: { ...projects, url: balancedUrl, lease: 3 },
      })
    }
    const start = async (name: string, port: number): Promise<Process> => {
      let process = await startReplica(name, port)
      return {
        url: urlOf(port),
        get process() {
          return process
        },
        async restart() {
          process = await startReplica(name, port)
        },
      }
    }
    const first = await start('node', network.port)
    const second = await start('replica', secondPort)
    return {
      network,
      database,
      balancedUrl,
      startReplica,
      startWorker(name) {
        shareKeys(name)
        return network.startWorkerOf(name, shared)
      },
      first,
      second,
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
