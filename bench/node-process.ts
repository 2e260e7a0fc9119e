import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export interface NodeProcess extends AsyncDisposable {
  readonly url: string
  readonly pid: number
  /** From the start of the process until it listened. */
  readonly startMs: number
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>
}

export interface NodeProcessOptions {
  readonly folder: string
  /** Tokens by the name of the project. */
  readonly projects: Readonly<Record<string, string>>
  readonly heartbeatS?: number
  /** 0: any free one. */
  readonly port?: number
}

const script = fileURLToPath(new URL('../apps/node/bin/flotta.js', import.meta.url))

/** A node as the app runs it, with SQLite in a file of its folder; started again over the same folder it is the same node. */
export async function startNodeProcess({
  folder,
  projects,
  heartbeatS = 10,
  port = 0,
}: NodeProcessOptions): Promise<NodeProcess> {
  const config = join(folder, 'node.yaml')
  const initial = Object.entries(projects).map(([name, token]) => `{ name: ${name}, token: ${token} }`)
  writeFileSync(
    config,
    `workdir: ${folder}/node
mode: node
node: { interface: 127.0.0.1, port: ${port}, heartbeat: ${heartbeatS}, token_projects_initial: [${initial.join(', ')}] }
join: { first: true }
database: { dialect: sqlite, host: ./node.db }
logging: { format: json }
`,
  )
  const start = performance.now()
  const child = spawn(process.execPath, [script, '-c', config], { stdio: ['ignore', 'ignore', 'pipe'] })
  const said: string[] = []
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the node ended with ${code}:\n${said.join('\n')}`)))
    createInterface({ input: child.stderr }).on('line', (line) => {
      said.push(line)
      const match = /listens on (http[^\s",]+)/.exec(line)?.[1]
      if (match !== undefined) resolve(match)
    })
  })
  return {
    url,
    pid: child.pid!,
    startMs: performance.now() - start,
    kill: () => end(child, 'SIGKILL'),
    [Symbol.asyncDispose]: () => end(child, 'SIGTERM'),
  }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  await new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.kill(signal)
  })
}

/** Resident megabytes of a process alone. */
export function residentMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
}

/** CPU time that a process has used, in milliseconds; the kernel counts hundredths of a second. */
export function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}
