import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createToken } from '@flotta/crypto'
import { stringify } from 'yaml'
import { AppProcess } from './app-process.ts'
import { freePort } from './free-port.ts'

/** Configuration files and folders of a node and its clients, whose processes tests start and kill as they like. */
export class AppNetwork implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'flotta-apps-'))
  readonly token = createToken('project')
  readonly port: number
  readonly #processes: AppProcess[] = []
  readonly #nodeConfig: string

  private constructor(port: number, node: Record<string, unknown>) {
    this.port = port
    this.#nodeConfig = this.#write('node', {
      mode: 'node',
      join: { first: true },
      ...node,
      node: {
        interface: '127.0.0.1',
        port,
        heartbeat: 2,
        token_projects_initial: [{ name: 'apps', token: this.token }],
        ...(node.node as object | undefined),
      },
    })
  }

  /** @param node sections that the node's configuration has besides */
  static async create(node: Record<string, unknown> = {}): Promise<AppNetwork> {
    return new AppNetwork(await freePort(), node)
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  async startNode(): Promise<AppProcess> {
    const node = this.#track(new AppProcess('node', ['-c', this.#nodeConfig]))
    await node.said(/listens on/)
    return node
  }

  /**
   * Starts the client of a site; it may be started again after it ended, and is then the same component.
   *
   * @param sections sections of its configuration that differ
   */
  startClient(name: string, csv: string, sections: Record<string, unknown> = {}, env: NodeJS.ProcessEnv = {}): AppProcess {
    const path = join(this.folder, `${name}.csv`)
    writeFileSync(path, csv)
    const config = this.#write(name, {
      mode: 'client',
      node: { name },
      join: { first: false, url: this.url },
      datasources: [{ name, kind: 'file', type: 'csv', path, token: [this.token] }],
      ...sections,
    })
    return this.#track(new AppProcess('client', ['-c', config], env))
  }

  #write(name: string, config: Record<string, unknown>): string {
    const workdir = join(this.folder, name)
    mkdirSync(workdir, { recursive: true })
    const file = join(this.folder, `${name}.yaml`)
    writeFileSync(file, stringify({ workdir, ...config }))
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
