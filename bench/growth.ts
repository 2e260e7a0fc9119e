/** What a round costs where ten times as many clients take part: nothing may grow faster than the jobs. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Collect, connect, Finalize, Parallel, Pass, type Project, type Workbench } from '@flotta/client-sdk'
import { createToken } from '@flotta/crypto'
import { cpuMs, type NodeProcess, startNodeProcess } from './node-process.ts'
import { type SimulatedClients, startSimulatedClients } from './simulated-clients.ts'
import { type Figure, median } from './statistics.ts'

const FEW = 100
const MANY = 1000

interface Network {
  readonly node: NodeProcess
  readonly clients: SimulatedClients
  readonly workbench: Workbench
  readonly project: Project
}

/** One round of all clients and the node, on a network of a hundred and on one of a thousand, taking turns within one run. */
export async function benchGrowth({ rounds = 5 } = {}): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'flotta-bench-growth-'))
  const networks: Network[] = []
  try {
    for (const count of [FEW, MANY]) networks.push(await startNetwork(mkdtempSync(join(folder, 'network-')), count))
    const timings: Timing[][] = networks.map(() => [])
    for (const { project } of networks) await oneRound(project)
    for (let round = 0; round < rounds; round++) {
      for (const [i, { project, node }] of networks.entries()) timings[i]!.push(await timed(project, node))
    }
    const [few, many] = timings.map((of) => ({ ms: median(of.map(({ ms }) => ms)), cpuMs: median(of.map((each) => each.cpuMs)) }))
    const growth = many!.ms / few!.ms
    return [
      { name: `one round of ${FEW} clients without work`, value: few!.ms, unit: 'ms', target: '', holds: null },
      { name: `… of ${MANY} clients`, value: many!.ms, unit: 'ms', target: '', holds: null },
      { name: '… times as long', value: growth, unit: '×', target: '≤ 12', holds: growth <= 12 },
      { name: '… times the CPU time of the node', value: many!.cpuMs / few!.cpuMs, unit: '×', target: '', holds: null },
    ]
  } finally {
    for (const { workbench, clients, node } of networks) {
      await workbench.close()
      await clients.stop()
      await node.stop()
    }
    rmSync(folder, { recursive: true, force: true })
  }
}

async function startNetwork(folder: string, count: number): Promise<Network> {
  const token = createToken('project')
  const node = await startNodeProcess({ folder, projects: { bench: token }, heartbeatS: 60 })
  const clients = await startSimulatedClients({ url: node.url, count, token })
  const workbench = await connect(node.url, { folder: join(folder, 'workbench') })
  return { node, clients, workbench, project: await workbench.project(token) }
}

interface Timing {
  readonly ms: number
  readonly cpuMs: number
}

async function timed(project: Project, { pid }: NodeProcess): Promise<Timing> {
  const before = cpuMs(pid)
  const start = performance.now()
  await oneRound(project)
  return { ms: performance.now() - start, cpuMs: cpuMs(pid) - before }
}

/** From the submission until the result is here. */
async function oneRound(project: Project): Promise<void> {
  const run = await project.submit([Parallel(Pass(), Collect()), Finalize(Pass())])
  await run.result()
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) console.log(JSON.stringify(await benchGrowth(), null, 2))
