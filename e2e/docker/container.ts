import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as after } from 'node:timers/promises'
import { mountOf, type Service } from './compose.ts'
import type { Image } from './image.ts'
import { type Bind, type JailOptions, jailed, jailPath } from './jail.ts'

export interface ContainerOptions {
  readonly image: Image
  readonly service: Service
  /** The compose file; paths in the service start from its folder. */
  readonly file: string
  /** Where named volumes are kept. */
  readonly volumes: string
  /** What the service's environment has besides, as ports that are free here. */
  readonly env: Readonly<Record<string, string>>
}

/** A service of a compose file as it runs in a container: its user, its files and mounts, without a capability; not its network. */
export class Container implements AsyncDisposable {
  readonly lines: string[] = []
  readonly exited: Promise<number>
  readonly #process: ChildProcess
  readonly #jail: JailOptions
  readonly #env: NodeJS.ProcessEnv
  readonly #check: readonly string[] | undefined

  constructor({ image, service, file, volumes, env }: ContainerOptions) {
    const { root, user, workdir: cwd, entrypoint, command } = image
    const binds = service.volumes.map((volume) => bindOf(volume, file, volumes, image))
    const tmpfs = (service.tmpfs ?? []).map((text) => ({ target: text.split(':')[0]!, options: text.split(':')[1] ?? '' }))
    this.#jail = { root, user, cwd, binds, tmpfs, readOnly: service.read_only === true }
    this.#env = { PATH: jailPath, HOME: '/home/node', ...image.env, ...service.environment, ...env }
    this.#check = service.healthcheck?.test.slice(1) ?? image.healthcheck
    this.#process = this.#spawn([...entrypoint, ...command])
    this.exited = new Promise((resolve) => this.#process.once('close', (code) => resolve(code ?? 1)))
    for (const stream of [this.#process.stdout!, this.#process.stderr!])
      createInterface({ input: stream }).on('line', (line) => this.lines.push(line))
  }

  get pid(): number {
    return this.#process.pid!
  }

  /** What the kernel says of the process: its user, its capabilities, whether it may gain privileges, whether it may write to `/`. */
  facts(): {
    readonly uid: number
    readonly capabilities: bigint
    readonly noNewPrivileges: boolean
    readonly readOnlyRoot: boolean
  } {
    const status = readFileSync(`/proc/${this.pid}/status`, 'utf8')
    const root = readFileSync(`/proc/${this.pid}/mountinfo`, 'utf8')
      .split('\n')
      .map((line) => line.split(' '))
      .find(([, , , , target]) => target === '/')
    const all = ['CapInh', 'CapPrm', 'CapEff', 'CapBnd'].map((name) => BigInt(`0x${field(status, name)}`))
    return {
      uid: Number(field(status, 'Uid')),
      capabilities: all.reduce((sum, some) => sum | some, 0n),
      noNewPrivileges: field(status, 'NoNewPrivs') === '1',
      readOnlyRoot: root?.[5]?.split(',').includes('ro') === true,
    }
  }

  /** Runs the health check of the service, or of its image, beside it. */
  async healthy(): Promise<boolean> {
    const check = this.#spawn(this.#check ?? ['false'])
    return new Promise((resolve) => check.once('close', (code) => resolve(code === 0)))
  }

  /** @throws {Error} with what it said, when it is not healthy in time or has ended */
  async becomesHealthy(withinMs: number): Promise<void> {
    for (const endMs = Date.now() + withinMs; !(await this.healthy()); await after(500)) {
      if (this.#process.exitCode !== null || Date.now() > endMs) throw new Error(`it is not healthy:\n${this.lines.join('\n')}`)
    }
  }

  /** Ends it as an engine does, and answers its exit code. */
  stop(): Promise<number> {
    this.#process.kill('SIGTERM')
    return this.exited
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill('SIGKILL')
    await this.exited
  }

  #spawn(command: readonly string[]): ChildProcess {
    const [file, ...args] = jailed(this.#jail, command)
    return spawn(file!, args, { env: this.#env, stdio: ['ignore', 'pipe', 'pipe'] })
  }
}

function field(status: string, name: string): string {
  return new RegExp(`^${name}:\\s+(\\S+)`, 'm').exec(status)?.[1] ?? ''
}

/** A mount; a new volume has the owner and mode that the image gives its folder. */
function bindOf(text: string, file: string, volumes: string, { root }: Image): Bind {
  const { source, isVolume, target, readOnly } = mountOf(text, file)
  const inside = join(root, target)
  if (!isVolume) {
    if (statSync(source).isDirectory()) mkdirSync(inside, { recursive: true })
    else if (!existsSync(inside)) {
      mkdirSync(dirname(inside), { recursive: true })
      writeFileSync(inside, '')
    }
    return { source, target, readOnly }
  }
  const folder = join(volumes, source)
  if (!existsSync(folder)) {
    const { uid, gid, mode } = statSync(inside)
    mkdirSync(folder, { recursive: true })
    chownSync(folder, uid, gid)
    chmodSync(folder, mode)
  }
  return { source: folder, target, readOnly }
}
