import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  Aggregation,
  Collect,
  Count,
  connect,
  Estimate,
  Filter,
  Finalize,
  feature,
  Parallel,
  type Project,
  Query,
} from '@flotta/client-sdk'
import { startProcesses } from './processes.ts'
import { type Figure, median } from './statistics.ts'

/** Worker processes end by themselves after 15 s without a job. */
const IDLE_MS = 20_000

const count = [
  Parallel(Estimate({ estimator: Count(), query: Query([Filter(feature('x').gt(500))]) }), Collect()),
  Finalize(Aggregation({ strategy: 'merge' })),
]

/** Latency of a count over two clients, and what idle processes weigh: everything in processes of its own, signed and sealed. */
export async function benchNetwork({ runs }: { readonly runs: number }): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'flotta-bench-'))
  const files = [0, 1].map((site) => {
    const file = join(folder, `site-${site}.csv`)
    writeFileSync(
      file,
      `x,y\n${Array.from({ length: 9288 }, (_, row) => `${(row * 7919 + site) % 1000},${row % 2}`).join('\n')}\n`,
    )
    return file
  })
  const network = await startProcesses(folder, files)
  try {
    const workbench = await connect(network.url, { folder: join(folder, 'workbench') })
    const project = await workbench.project(network.token)
    for (let i = 0; i < 5; i++) await timeCount(project)
    const times: CountTimes[] = []
    for (let i = 0; i < runs; i++) times.push(await timeCount(project))
    await workbench.close()
    const completed = median(times.map((time) => time.completedMs))
    const result = median(times.map((time) => time.resultMs))
    return [
      {
        name: 'submit → completed, a count over two clients',
        value: completed,
        unit: 'ms',
        target: '≤ 100',
        holds: completed <= 100,
      },
      { name: '… and its result downloaded and opened', value: result, unit: 'ms', target: '', holds: null },
      ...(await idleMemory(network)),
    ]
  } finally {
    await network.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

interface CountTimes {
  /** From before the submit to when the workbench has heard that the artifact is completed. */
  readonly completedMs: number
  readonly resultMs: number
}

async function timeCount(project: Project): Promise<CountTimes> {
  const start = performance.now()
  const run = await project.submit(count)
  for await (const { artifactStatus } of run) if (artifactStatus === 'COMPLETED') break
  const completedMs = performance.now() - start
  await run.result()
  return { completedMs, resultMs: performance.now() - start }
}

/** Resident megabytes of a client and of the node with all their child processes, a while after they have nothing to do. */
async function idleMemory(network: { readonly clientPids: readonly number[]; readonly nodePid: number }): Promise<Figure[]> {
  if (process.platform !== 'linux') return []
  await new Promise((resolve) => setTimeout(resolve, IDLE_MS))
  const client = median(network.clientPids.map(residentMb))
  const node = residentMb(network.nodePid)
  return [
    { name: 'idle client', value: client, unit: 'MB resident', target: '≤ 150', holds: client <= 150 },
    { name: 'idle node', value: node, unit: 'MB resident', target: '≤ 200', holds: node <= 200 },
  ]
}

function residentMb(pid: number): number {
  const own = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean)
  return own + children.reduce((sum, child) => sum + residentMb(Number(child)), 0)
}
