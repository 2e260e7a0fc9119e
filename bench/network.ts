import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, feature, type Project } from '@flotta/client-sdk'
import { startProcesses } from './processes.ts'
import { type Figure, median } from './statistics.ts'

/** Worker processes end by themselves after 15 s without a job. */
const IDLE_MS = 20_000

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
    const times: number[] = []
    for (let i = 0; i < runs; i++) times.push(await timeCount(project))
    await workbench.close()
    const latency = median(times)
    return [
      { name: 'submit → result of a count, two clients', value: latency, unit: 'ms', target: '≤ 100', holds: latency <= 100 },
      ...(await idleMemory(network)),
    ]
  } finally {
    await network.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function timeCount(project: Project): Promise<number> {
  const start = performance.now()
  await project.count({ where: feature('x').gt(500) })
  return performance.now() - start
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
