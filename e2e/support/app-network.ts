import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type Project } from '@flotta/client-sdk'
import { createToken } from '@flotta/crypto'
import { stringify } from 'yaml'
import { freePort } from '../../packages/store/test/support/free-port.ts'
import { AppProcess } from './app-process.ts'

/** Sections of a configuration file. */
export type Sections = Record<string, unknown>

export const urlOf = (port: number): string => `http://127.0.0.1:${port}`

/** Configuration files and folders of nodes and clients, whose processes tests start and kill as they like. */
export class AppNetwork implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'flotta-apps-'))
  readonly token = createToken('project')
  readonly port: number
  readonly #processes: AppProcess[] = []
  readonly #nodeSections: Sections

  private constructor(port: number, node: Sections) {
    this.port = port
    this.#nodeSections = node
  }

  /** @param node sections that the first node's configuration has besides */
  static async create(node: Sections = {}): Promise<AppNetwork> {
    return new AppNetwork(await freePort(), node)
  }

  get url(): string {
    return urlOf(this.port)
  }

  /** Starts the first node; it may be started again after it ended, and is then the same component. */
  startNode(): Promise<AppProcess> {
    const { node, ...sections } = this.#nodeSections
    const projects = { token_projects_initial: [{ name: 'apps', token: this.token }] }
    return this.startNodeOf('node', this.port, { join: { first: true }, ...sections, node: { ...projects, ...(node as object) } })
  }

  /** Starts a node of its own, such as one that joins the first; again it is the same component. */
  async startNodeOf(name: string, port: number, { node, ...sections }: Sections): Promise<AppProcess> {
    const config = this.#write(name, {
      mode: 'node',
      ...sections,
      node: { name, interface: '127.0.0.1', port, heartbeat: 2, ...(node as object) },
    })
    const started = this.#track(new AppProcess('node', ['-c', config]))
    await started.said(/listens on/)
    return started
  }

  /** Starts a worker of a node, by a configuration of its own. */
  async startWorkerOf(name: string, sections: Sections): Promise<AppProcess> {
    const config = this.#write(name, sections)
    const started = this.#track(new AppProcess('node', ['worker', '-c', config]))
    await started.said(/takes its jobs/)
    return started
  }

  /**
   * Starts the client of a site; it may be started again after it ended, and is then the same component.
   *
   * @param sections sections of its configuration that differ
   */
  startClient(name: string, csv: string, sections: Sections = {}, env: NodeJS.ProcessEnv = {}): AppProcess {
    const config = this.#write(name, {
      mode: 'client',
      node: { name },
      join: { first: false, url: this.url },
      datasources: [this.datasource(name, csv)],
      ...sections,
    })
    return this.#track(new AppProcess('client', ['-c', config], env))
  }

  /** Runs a command with the configuration of a component that was started before. */
  run(app: 'node' | 'client', name: string, ...args: string[]): AppProcess {
    return this.#track(new AppProcess(app, [...args, '-c', join(this.folder, `${name}.yaml`)]))
  }

  /** A table as a file and as an entry of `datasources`, offered to the project. */
  datasource(name: string, csv: string): Sections {
    const path = join(this.folder, `${name}.csv`)
    writeFileSync(path, csv)
    return { name, kind: 'file', type: 'csv', path, token: [this.token] }
  }

  /** A researcher's project at a node; each researcher has a name. */
  async project(url = this.url, researcher = 'researcher'): Promise<Project> {
    return (await connect(url, { folder: join(this.folder, researcher) })).project(this.token)
  }

  #write(name: string, config: Sections): string {
    const workdir = join(this.folder, name)
    const file = join(this.folder, `${name}.yaml`)
    writeFileSync(file, stringify({ workdir, ...config }, { aliasDuplicateObjects: false }))
    return file
  }

  #track(process: AppProcess): AppProcess {
    this.#processes.push(process)
    return process
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#processes.map((process) => process[Symbol.asyncDispose]()))
    rmSync(this.folder, { recursive: true, force: true })
  }
}
