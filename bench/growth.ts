/** What a round costs where ten times as many clients take part: nothing may grow faster than the jobs. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Collect, connect, Finalize, Parallel, Pass, type Project } from '@flotta/client-sdk'
import { createToken } from '@flotta/crypto'
import { Releasers } from '../e2e/support/releasers.ts'
import { cpuMs, startNodeProcess } from './node-process.ts'
import { startSimulatedClients } from './simulated-clients.ts'
import { type Figure, median } from './statistics.ts'

const FEW = 100
const MANY = 1000

interface Network {
  readonly pid: number
  readonly project: Project
}

/** One round of all clients and the node, on a network of a hundred and on one of a thousand, taking turns within one run. */
export async function benchGrowth({ rounds = 5 } = {}): Promise<Figure[]> {
  await using acquired = new Releasers()
  const few = await startNetwork(FEW, acquired)
  const many = await startNetwork(MANY, acquired)
  const timings: Record<'few' | 'many', Timing[]> = { few: [], many: [] }
  for (const network of [few, many]) await timed(network)
  for (let round = 0; round < rounds; round++) {
    timings.few.push(await timed(few))
    timings.many.push(await timed(many))
  }
  const middle = (of: readonly Timing[], what: keyof Timing) => median(of.map((timing) => timing[what]))
  const growth = middle(timings.many, 'ms') / middle(timings.few, 'ms')
  const cpuGrowth = middle(timings.many, 'cpuMs') / middle(timings.few, 'cpuMs')
  return [
    { name: `one round of ${FEW} clients without work`, value: middle(timings.few, 'ms'), unit: 'ms', target: '', holds: null },
    { name: `… of ${MANY} clients`, value: middle(timings.many, 'ms'), unit: 'ms', target: '', holds: null },
    { name: '… times as long', value: growth, unit: '×', target: '≤ 12', holds: growth <= 12 },
    { name: '… times the CPU time of the node', value: cpuGrowth, unit: '×', target: '', holds: null },
  ]
}

async function startNetwork(count: number, acquired: Releasers): Promise<Network> {
  const folder = mkdtempSync(join(tmpdir(), 'flotta-bench-growth-'))
  acquired.defer(() => rmSync(folder, { recursive: true, force: true }))
  const token = createToken('project')
  const { url, pid } = acquired.use(await startNodeProcess({ folder, projects: { bench: token }, heartbeatS: 60 }))
  acquired.use(await startSimulatedClients({ url, count, token }))
  const workbench = acquired.use(await connect(url, { folder: join(folder, 'workbench') }))
  return { pid, project: await workbench.project(token) }
}

interface Timing {
  readonly ms: number
  readonly cpuMs: number
}

/** From the submission until the result is here. */
async function timed({ project, pid }: Network): Promise<Timing> {
  const before = cpuMs(pid)
  const start = performance.now()
  const run = await project.submit([Parallel(Pass(), Collect()), Finalize(Pass())])
  await run.result()
  return { ms: performance.now() - start, cpuMs: cpuMs(pid) - before }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) console.log(JSON.stringify(await benchGrowth(), null, 2))
