import { spawn } from 'node:child_process'
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { copyContext } from './docker-ignore.ts'
import { execForm, type Instruction, named, readInstructions, type Stage, stagesOf } from './dockerfile.ts'
import { type Bind, jailed, jailPath, makeRoot } from './jail.ts'

/** What a Dockerfile makes: a tree of files, and how it is run. */
export interface Image {
  readonly root: string
  readonly env: Readonly<Record<string, string>>
  readonly workdir: string
  readonly user: 'root' | 'node'
  readonly entrypoint: readonly string[]
  readonly command: readonly string[]
  /** The command of HEALTHCHECK; undefined where there is none. */
  readonly healthcheck: readonly string[] | undefined
  readonly megabytes: number
}

export interface BuildOptions {
  /** The repository. */
  readonly context: string
  /** Where roots are made. */
  readonly folder: string
  /**
   * `true`: every step, in a copy of the repository, as an engine does it. `false`: the steps from the deployment on, in the repository
   * itself, which has been installed and built by the same commands.
   */
  readonly full: boolean
  readonly tell: (text: string) => void
}

/** What is known here of a stage; anything else would be left out without a word. */
const known = {
  build: ['FROM', 'RUN', 'WORKDIR', 'COPY'],
  ship: 'FROM LABEL ENV WORKDIR COPY RUN VOLUME USER EXPOSE STOPSIGNAL HEALTHCHECK ENTRYPOINT CMD'.split(' '),
} satisfies Record<string, readonly string[]>

function mustKnow(kind: keyof typeof known, { instructions }: Stage): void {
  for (const { name, text } of instructions)
    if (!known[kind].includes(name)) throw new Error(`${name} ${text}: not known to e2e/docker`)
}

/** Does what a Dockerfile says, without an engine. The base image is this machine's programs, read-only. */
export class Builder {
  readonly #options: BuildOptions
  readonly #store: Bind
  readonly #build: string
  /** Steps of the build stage that have been done here: what Dockerfiles begin with alike is done once, as by an engine's cache. */
  #done: string[] = []

  constructor(options: BuildOptions) {
    this.#options = options
    const store = storeOf(options.context)
    this.#store = { source: store, target: store, readOnly: false }
    this.#build = mkdtempSync(join(options.folder, 'build-'))
    makeRoot(this.#build)
    mkdirSync(join(this.#build, store), { recursive: true })
    const npmrc = join(homedir(), '.npmrc')
    if (existsSync(npmrc)) copyFileSync(npmrc, join(this.#build, 'root/.npmrc'))
  }

  async build(dockerfile: string): Promise<Image> {
    const [build, last] = stagesOf(readInstructions(join(this.#options.context, dockerfile)))
    rmSync(join(this.#build, 'out'), { recursive: true, force: true })
    mustKnow('build', build!)
    mustKnow('ship', last!)
    await this.#runBuildStage(build!)
    return this.#ship(basename(dockerfile), last!, build!.name)
  }

  async #runBuildStage({ instructions }: Stage): Promise<void> {
    const { full, context, tell } = this.#options
    const steps = full ? instructions : instructions.slice(instructions.findIndex(({ text }) => / deploy /.test(text)))
    const before = this.#done
    this.#done = []
    let cwd = full ? '/' : '/build'
    let same = full
    for (const { name, text } of steps) {
      if (name === 'WORKDIR') cwd = text
      same &&= before[this.#done.length] === `${name} ${text}`
      this.#done.push(`${name} ${text}`)
      if (same) continue
      if (name === 'WORKDIR') mkdirSync(join(this.#build, cwd), { recursive: true })
      else if (name === 'COPY') copyInto(context, text, join(this.#build, cwd))
      else if (name === 'RUN') {
        tell(`RUN ${text}`)
        await this.#run(this.#build, text, cwd, full ? [] : [{ source: context, target: '/build', readOnly: false }])
      }
    }
  }

  async #ship(name: string, { instructions }: Stage, from: string | undefined): Promise<Image> {
    const root = mkdtempSync(join(this.#options.folder, `${name}-`))
    makeRoot(root)
    const workdir = named(instructions, 'WORKDIR')[0] ?? '/'
    mkdirSync(join(root, workdir), { recursive: true })
    for (const { name: step, text } of instructions) {
      if (step === 'COPY') this.#copyFromBuild(text, from, join(root, workdir))
      else if (step === 'RUN') await this.#run(root, text, '/', [])
    }
    const [check] = named(instructions, 'HEALTHCHECK')
    return {
      root,
      workdir,
      env: environmentOf(instructions),
      user: named(instructions, 'USER').includes('node') ? 'node' : 'root',
      entrypoint: execForm(named(instructions, 'ENTRYPOINT')[0]),
      command: execForm(named(instructions, 'CMD')[0]),
      healthcheck: check === undefined ? undefined : execForm(check),
      megabytes: Math.round(bytesOf(join(root, workdir)) / 1024 ** 2),
    }
  }

  #copyFromBuild(text: string, from: string | undefined, target: string): void {
    if (!text.startsWith(`--from=${from} `)) throw new Error(`COPY ${text}: expected --from=${from}`)
    const [source] = text.split(/\s+/).filter((part) => !part.startsWith('--'))
    rmSync(target, { recursive: true })
    renameSync(join(this.#build, source!), target)
  }

  async #run(root: string, text: string, cwd: string, binds: readonly Bind[]): Promise<void> {
    const inBuild = root === this.#build
    const command = jailed(
      { root, readOnly: false, binds: inBuild ? [this.#store, ...binds] : [], tmpfs: [], user: 'root', cwd },
      ['/bin/sh', '-c', text],
    )
    for (const { target } of binds) mkdirSync(join(root, target), { recursive: true })
    const path = `/build/node_modules/.bin:/opt/global/bin:${jailPath}`
    const env = {
      ...environmentOfTools(),
      PATH: path,
      HOME: '/root',
      npm_config_prefix: '/opt/global',
      npm_config_store_dir: this.#store.target,
      CI: '1',
    }
    await succeeds(command, env, text)
  }
}

/** The store that the repository was installed from, as pnpm has noted it; without the version of its layout, which pnpm adds. */
function storeOf(context: string): string {
  const noted = /"storeDir": "([^"]+)"/.exec(readFileSync(join(context, 'node_modules/.modules.yaml'), 'utf8'))?.[1]
  if (noted === undefined) throw new Error('the repository has not been installed by pnpm')
  return dirname(noted)
}

/** What tells a tool of this machine how it reaches the registry. */
function environmentOfTools(): NodeJS.ProcessEnv {
  const told = Object.entries(process.env).filter(([name]) =>
    /^(npm_config_registry|NODE_EXTRA_CA_CERTS|https?_proxy|no_proxy)$/i.test(name),
  )
  return Object.fromEntries(told)
}

function environmentOf(instructions: readonly Instruction[]): Record<string, string> {
  const pairs = named(instructions, 'ENV').flatMap((text) => text.split(/\s+/))
  return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]))
}

function copyInto(context: string, text: string, folder: string): void {
  const parts = text.split(/\s+/)
  const target = join(folder, parts.at(-1)!)
  for (const source of parts.slice(0, -1)) {
    if (source === '.') copyContext(context, target)
    else cpSync(join(context, source), join(target, basename(source)), { recursive: true })
  }
}

function succeeds([file, ...args]: readonly string[], env: NodeJS.ProcessEnv, what: string): Promise<void> {
  const child = spawn(file!, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const said: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`${what} failed with ${code}:\n${Buffer.concat(said).toString('utf8').slice(-4000)}`))
    })
  })
}

/** Bytes of the files below a folder; links are not followed. */
function bytesOf(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
}

/** The folder of the repository that this file is in. */
export const repository = dirname(dirname(import.meta.dirname))
