/** What a federation adds to the work of its slowest site: a description of all columns over four sites on this machine. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createRandom } from '@flotta/algorithms'
import { Aggregation, Collect, connect, Describe, Estimate, Finalize, Parallel, type Project, Query } from '@flotta/client-sdk'
import { startProcesses } from './processes.ts'
import { type Figure, median } from './statistics.ts'

const SITES = 4
const COLUMNS = 8
const MOST_MS = 150

/** Four clients with a table each, as processes; the sites differ in size. */
export async function benchDescribe({ rows = 20_000, runs = 10 } = {}): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'flotta-bench-describe-'))
  const files = Array.from({ length: SITES }, (_, site) =>
    writeTable(join(folder, `site-${site}.csv`), (rows * (site + 1)) / SITES, site),
  )
  const network = await startProcesses(folder, files)
  try {
    const workbench = await connect(network.url, { folder: join(folder, 'workbench') })
    const project = await workbench.project(network.token)
    for (let i = 0; i < 3; i++) await timed(project)
    const timings: Timing[] = []
    for (let i = 0; i < runs; i++) timings.push(await timed(project))
    await workbench.close()
    const added = median(timings.map(({ totalMs, slowestMs }) => totalMs - slowestMs))
    return [
      {
        name: `describe over ${SITES} sites, up to ${rows.toLocaleString('en')} records × ${COLUMNS}`,
        value: median(timings.map(({ totalMs }) => totalMs)),
        unit: 'ms',
        target: '',
        holds: null,
      },
      {
        name: '… of which the slowest site',
        value: median(timings.map(({ slowestMs }) => slowestMs)),
        unit: 'ms',
        target: '',
        holds: null,
      },
      { name: '… beside it', value: added, unit: 'ms', target: `≤ ${MOST_MS}`, holds: added <= MOST_MS },
    ]
  } finally {
    await network.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Timing {
  /** From before the submission until the result is here. */
  readonly totalMs: number
  /** From when a site had its job until the node had its product, the longest of all sites. */
  readonly slowestMs: number
}

async function timed(project: Project): Promise<Timing> {
  const features = project.features.map(({ name }) => name)
  const describe = Estimate({ estimator: Describe({ features }), query: Query([]) })
  const start = performance.now()
  const run = await project.submit([Parallel(describe, Collect()), Finalize(Aggregation({ strategy: 'merge' }))])
  const began = new Map<string, number>()
  let slowestMs = 0
  for await (const { job, atMs } of run) {
    if (job === null || job.stepIndex > 0) continue
    if (job.status === 'RUNNING') began.set(job.id, atMs)
    if (job.status === 'COMPLETED') slowestMs = Math.max(slowestMs, atMs - began.get(job.id)!)
  }
  await run.result()
  return { totalMs: performance.now() - start, slowestMs }
}

function writeTable(file: string, rows: number, seed: number): string {
  const random = createRandom(seed)
  const names = Array.from({ length: COLUMNS }, (_, column) => `x${column}`)
  const lines = Array.from({ length: rows }, () => names.map(() => random.float64().toFixed(6)).join())
  writeFileSync(file, `${names.join()}\n${lines.join('\n')}\n`)
  return file
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) console.log(JSON.stringify(await benchDescribe(), null, 2))
