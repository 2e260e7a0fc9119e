import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Collect, connect, Finalize, Iterate, Parallel, Pass, type Project } from '@flotta/client-sdk'
import { createToken, generateIdentity } from '@flotta/crypto'
import { createNode, createPoolExecutor, silentLogger } from '@flotta/runtime'
import { openStore } from '@flotta/store'
import { startPostgres } from '../packages/store/test/support/postgres.ts'
import { type Figure, median } from './statistics.ts'

type Database = Parameters<typeof openStore>[0]['database']

/**
 * What a round costs where nobody computes anything: all clients hand an empty product to the node, and it hands one back.
 * Everything is signed, sealed, stored and flushed as always; the node is this process, the clients are another one.
 */
export async function benchRounds({ rounds }: { readonly rounds: number }): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'flotta-bench-rounds-'))
  const server = await startPostgres()
  try {
    const sqlite = (name: string): Database => ({ kind: 'sqlite', file: join(folder, `${name}.db`) })
    const postgresql: Database = { kind: 'postgresql', schema: 'public', ...server, password: () => server.password }
    const ten = await measure({ database: sqlite('ten'), clients: 10, rounds })
    const onPostgresql = await measure({ database: postgresql, clients: 10, rounds })
    const fifty = await measure({ database: sqlite('fifty'), clients: 50, rounds: 100 })
    return [
      figure('a round without work, 10 clients, SQLite', ten.roundMs, 60),
      { name: '… of the node, in CPU time', value: ten.nodeCpuMs, unit: 'ms', target: '', holds: null },
      figure('… PostgreSQL', onPostgresql.roundMs, 100),
      figure('… 50 clients, SQLite', fifty.roundMs, 250),
      figure('submitting 100 rounds of 50 clients (5,100 jobs)', fifty.submitMs, 1000),
    ]
  } finally {
    await server[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  }
}

const figure = (name: string, value: number, most: number): Figure => ({
  name,
  value,
  unit: 'ms',
  target: `≤ ${most}`,
  holds: value <= most,
})

interface Measured {
  /** Median of the times between the ends of two rounds, by the clock of the database. */
  readonly roundMs: number
  /** CPU time of the node's own process, a round: what other work on the machine does not change much. */
  readonly nodeCpuMs: number
  readonly submitMs: number
}

export async function measure(options: {
  readonly database: Database
  readonly clients: number
  readonly rounds: number
}): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'flotta-bench-node-'))
  const token = createToken('project')
  const executor = createPoolExecutor({ workers: 1, memoryMb: 512, timeoutMs: 60_000, logger: silentLogger })
  const store = await openStore({ database: options.database })
  const identity = generateIdentity()
  const node = await createNode({
    store,
    executor,
    identity,
    workdir: join(folder, 'node'),
    projects: [{ name: 'bench', token }],
  })
  await node.start()
  const url = `http://127.0.0.1:${await node.listen({ host: '127.0.0.1', port: 0 })}`
  const clients = await startClients(url, token, options.clients)
  const workbench = await connect(url, { folder: join(folder, 'workbench') })
  try {
    const project = await workbench.project(token)
    await timeRounds(project, 3)
    return await timeRounds(project, options.rounds)
  } finally {
    await workbench.close()
    await stopClients(clients)
    await node.stop(1000)
    await store[Symbol.asyncDispose]()
    await executor[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function timeRounds(project: Project, rounds: number): Promise<Measured> {
  const before = process.cpuUsage()
  const start = performance.now()
  const run = await project.submit([Iterate(rounds, [Parallel(Pass(), Collect()), Finalize(Pass())])])
  const submitMs = performance.now() - start
  const sites = new Set(project.clients.map(({ id }) => id))
  const ends: number[] = []
  for await (const { job, atMs } of run) {
    if (job?.status === 'COMPLETED' && !sites.has(job.component.id)) ends.push(atMs)
  }
  const { user, system } = process.cpuUsage(before)
  const nodeCpuMs = (user + system) / 1000 / rounds
  return { nodeCpuMs, roundMs: median(ends.slice(1).map((end, round) => end - ends[round]!)), submitMs }
}

async function startClients(url: string, token: string, count: number): Promise<ChildProcess> {
  const script = fileURLToPath(new URL('rounds-clients.ts', import.meta.url))
  const child = fork(script, [url, token, String(count)], {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, NODE_OPTIONS: '--conditions=@flotta/source' },
  })
  await new Promise((resolve, reject) => {
    child.once('message', resolve)
    child.once('exit', (code) => reject(new Error(`the clients ended with ${code}`)))
  })
  return child
}

function stopClients(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.send('stop')
  })
}
