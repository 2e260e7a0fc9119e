import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export interface Processes {
  readonly url: string
  readonly token: string
  readonly nodePid: number
  readonly clientPids: readonly number[]
  stop(): Promise<void>
}

const app = (name: string, bin: string) => fileURLToPath(new URL(`../apps/${name}/bin/${bin}.js`, import.meta.url))

/** A node and one client a file as processes of their own, as the apps run them. */
export async function startProcesses(folder: string, files: readonly string[]): Promise<Processes> {
  const token = randomBytes(32).toString('hex')
  const logging = 'logging: { format: json }'
  const nodeConfig = join(folder, 'node.yaml')
  writeFileSync(
    nodeConfig,
    `workdir: ${folder}/node\nmode: node\nnode:\n  interface: 127.0.0.1\n  port: 0\n  token_projects_initial: [{ name: bench, token: ${token} }]\njoin: { first: true }\n${logging}\n`,
  )
  const node = await start(app('node', 'flotta'), nodeConfig, /listens on (http\S+)/)
  const clients = await Promise.all(
    files.map((file, index) => {
      const config = join(folder, `client-${index}.yaml`)
      writeFileSync(
        config,
        `workdir: ${folder}/client-${index}\nmode: client\njoin: { first: false, url: '${node.match}' }\ndatasources: [{ name: s${index}, kind: file, type: csv, path: '${file}', token: ${token} }]\n${logging}\n`,
      )
      return start(app('client', 'flotta-client'), config, /(joined the node)/)
    }),
  )
  const all = [node, ...clients]
  return {
    url: node.match,
    token,
    nodePid: node.process.pid!,
    clientPids: clients.map((client) => client.process.pid!),
    stop: async () => {
      await Promise.all(all.map(({ process: child }) => end(child)))
    },
  }
}

function start(script: string, config: string, ready: RegExp): Promise<{ process: ChildProcess; match: string }> {
  const child = spawn(process.execPath, [script, '-c', config], { stdio: ['ignore', 'ignore', 'pipe'] })
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${script} ended with ${code}`)))
    createInterface({ input: child.stderr }).on('line', (line) => {
      const match = ready.exec(line)?.[1]
      if (match !== undefined) resolve({ process: child, match: match.replace(/[",].*$/, '') })
    })
  })
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
  })
}
