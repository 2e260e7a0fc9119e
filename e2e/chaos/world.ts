import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import type { Project } from '@flotta/client-sdk'
import type { StoreOptions } from '@flotta/store'
import { freePort } from '../../packages/store/test/support/free-port.ts'
import { startPostgres, type TestPostgres } from '../../packages/store/test/support/postgres.ts'
import { AppNetwork, type Sections, urlOf } from '../support/app-network.ts'
import type { AppProcess } from '../support/app-process.ts'
import { madeUpTable } from '../support/tables.ts'
import { type Fault, type LinkName, type ProcessName, type Site, sites } from './faults.ts'
import { Link } from './link.ts'

type DatabaseLocation = StoreOptions['database']
/** With `replicas` two processes serve the node over one PostgreSQL. */
export type DatabaseKind = (typeof databaseKinds)[number]
const databaseKinds = ['sqlite', 'postgresql', 'replicas'] as const

export function isDatabaseKind(text: string): text is DatabaseKind {
  return databaseKinds.some((kind) => kind === text)
}

/** Short, so that what is lost with a process is given out again soon; many, so that no artifact fails for want of attempts. */
const patience = { lease: 2, max_attempts: 100, heartbeat: 2 }

/** How often a node that ends at its start is started again, and after what time. */
const STARTS = 60
const RESTART_MS = 300

const tables: Readonly<Record<Site, string>> = {
  north: madeUpTable({ rows: 400, seed: 1 }),
  south: madeUpTable({ rows: 300, seed: 2, shift: 5 }),
  west: madeUpTable({ rows: 200, seed: 3, shift: 10 }),
}

interface Replica {
  readonly port: number
  readonly sections: Sections
}

/** A node, three clients that reach it by links of their own, and what can go wrong with all of them. */
export class World implements AsyncDisposable {
  readonly network: AppNetwork
  /** Where the node's database is, for whoever looks when the node has stopped. */
  readonly location: DatabaseLocation
  readonly #links: Readonly<Record<LinkName, Link>>
  readonly #server: TestPostgres | undefined
  readonly #replica: Replica | undefined
  readonly #running = new Map<ProcessName, AppProcess>()
  readonly #busy = new Set<string>()

  private constructor(
    network: AppNetwork,
    location: DatabaseLocation,
    links: Record<LinkName, Link>,
    server: TestPostgres | undefined,
    replica: Replica | undefined,
  ) {
    this.network = network
    this.location = location
    this.#links = links
    this.#server = server
    this.#replica = replica
  }

  static async start(kind: DatabaseKind): Promise<World> {
    const server = kind === 'sqlite' ? undefined : await startPostgres()
    const database = server === undefined ? { dialect: 'sqlite', host: './node.db' } : sectionOf(server)
    const network = await AppNetwork.create({ database, node: patience })
    const replicaPort = kind === 'replicas' ? await freePort() : undefined
    const link = (port = network.port) => Link.to(port)
    // Who asks and who works speak with both processes.
    const links = { north: await link(), south: await link(replicaPort), west: await link(), researcher: await link(replicaPort) }
    const replica = replicaPort === undefined ? undefined : { port: replicaPort, sections: replicaOf(network, database) }
    const world = new World(network, locationOf(network, server), links, server, replica)
    await world.#startAll()
    return world
  }

  /** The researcher's project, by way of the researcher's link. */
  project(): Promise<Project> {
    return this.network.project(urlOf(this.#links.researcher.port))
  }

  /** Lets something go wrong, and answers whether it did when it is over: what is in disorder already is left alone. */
  async suffer(fault: Fault): Promise<boolean> {
    const where = 'process' in fault ? fault.process : 'link' in fault ? `link ${fault.link}` : 'database'
    if (this.#busy.has(where)) return false
    this.#busy.add(where)
    try {
      await this.#suffer(fault)
      return true
    } finally {
      this.#busy.delete(where)
    }
  }

  async #suffer(fault: Fault): Promise<void> {
    switch (fault.kind) {
      case 'kill':
        return this.#kill(fault.process, fault.forMs)
      case 'freeze': {
        const process = this.#running.get(fault.process)
        process?.kill('SIGSTOP')
        await after(fault.forMs)
        process?.kill('SIGCONT')
        return
      }
      case 'kill workers':
        return this.#running.get(fault.process)?.killWorkers()
      case 'cut':
        return this.#links[fault.link].cut()
      case 'break off':
        return this.#during(fault, (link, on) => {
          link.breaking = on
        })
      case 'repeat':
        return this.#links[fault.link].repeat(fault.requests)
      case 'refuse':
        return this.#during(fault, (link, on) => {
          link.refusing = on
        })
      case 'delay':
        return this.#during(fault, (link, on) => {
          link.delayMs = on ? fault.delayMs : 0
        })
      case 'mute':
        return this.#during(fault, (link, on) => {
          link.mute = on
          if (!on) link.cut()
        })
      case 'stop database': {
        const restart = await this.#server?.interrupt()
        await after(fault.forMs)
        return restart?.()
      }
      default:
        fault satisfies never
    }
  }

  async #during(
    { link: name, forMs }: { readonly link: LinkName; readonly forMs: number },
    set: (link: Link, on: boolean) => void,
  ): Promise<void> {
    set(this.#links[name], true)
    await after(forMs)
    set(this.#links[name], false)
  }

  async #kill(name: ProcessName, forMs: number): Promise<void> {
    const process = this.#running.get(name)
    process?.kill('SIGKILL')
    await process?.exited
    await after(forMs)
    await (name === 'node' || name === 'replica' ? this.#startNode(name) : this.#startClient(name))
  }

  async #startAll(): Promise<void> {
    await this.#startNode('node')
    if (this.#replica !== undefined) {
      const { folder } = this.network
      cpSync(join(folder, 'node', 'keys'), join(folder, 'replica', 'keys'), { recursive: true })
      await this.#startNode('replica')
    }
    await Promise.all(sites.map((site) => this.#startClient(site).said(/joined the node/)))
  }

  /** As a supervisor does: a node that finds no database ends, and is started again. */
  async #startNode(name: 'node' | 'replica'): Promise<void> {
    for (let tries = 0; ; tries++) {
      try {
        this.#running.set(name, await this.#startNodeOnce(name))
        return
      } catch (error) {
        if (tries === STARTS) throw error
        await after(RESTART_MS)
      }
    }
  }

  #startNodeOnce(name: 'node' | 'replica'): Promise<AppProcess> {
    if (name === 'node' || this.#replica === undefined) return this.network.startNode()
    const { port, sections } = this.#replica
    return this.network.startNodeOf(name, port, sections)
  }

  #startClient(site: Site): AppProcess {
    const joining = { first: false, url: urlOf(this.#links[site].port) }
    const client = this.network.startClient(site, tables[site], { join: joining })
    this.#running.set(site, client)
    return client
  }

  /** Ends all processes as an operator does; answers how each ended. */
  async stop(): Promise<Map<ProcessName, number | NodeJS.Signals>> {
    const ends = new Map<ProcessName, number | NodeJS.Signals>()
    for (const name of [...sites, 'replica', 'node'] as const) {
      const process = this.#running.get(name)
      if (process === undefined) continue
      process.kill('SIGTERM')
      ends.set(name, await process.exited)
    }
    return ends
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.network[Symbol.asyncDispose]()
    await Promise.all(Object.values(this.#links).map((link) => link[Symbol.asyncDispose]()))
    await this.#server?.[Symbol.asyncDispose]()
  }
}

/** The same node as the first: with its database, its resources and its address, and a folder of its own. */
function replicaOf({ folder, token, url }: AppNetwork, database: Sections): Sections {
  const projects = { token_projects_initial: [{ name: 'apps', token }] }
  const storage = { kind: 'file', path: join(folder, 'node', 'resources') }
  return { join: { first: true }, database, storage, node: { ...patience, ...projects, url } }
}

function sectionOf({ host, port, username, password, database: name }: TestPostgres): Sections {
  return { dialect: 'postgresql', host, port, username, password, name }
}

function locationOf(network: AppNetwork, server: TestPostgres | undefined): DatabaseLocation {
  if (server === undefined) return { kind: 'sqlite', file: join(network.folder, 'node', 'node.db') }
  const { host, port, username, password, database } = server
  return { kind: 'postgresql', host, port, username, password: () => password, database, schema: 'flotta' }
}
