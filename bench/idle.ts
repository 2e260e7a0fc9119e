/** Thousands of clients that wait for work: what they cost the node, and how fast one of them has a job. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { Collect, connect, Finalize, Parallel, Pass, type Project } from '@flotta/client-sdk'
import { MAX_WAIT_S } from '@flotta/contract'
import { createToken } from '@flotta/crypto'
import { Releasers } from '../e2e/support/releasers.ts'
import { cpuMs, residentMb, startNodeProcess } from './node-process.ts'
import { startSimulatedClients } from './simulated-clients.ts'
import { type Figure, percentile } from './statistics.ts'

/** How many of the clients have a project of their own, in which they are woken alone. */
const WOKEN = 10
/** How long a node that has nothing to do is watched. */
const ALONE_MS = 30_000
/** After so long every client holds its question, and the connections that joining took have been closed. */
const SETTLE_MS = 90_000

/** @param watchS a question is held for ten minutes, so in as many every client asks once */
export async function benchIdle({ clients = 5000, wakeUps = 200, watchS = MAX_WAIT_S } = {}): Promise<Figure[]> {
  await using acquired = new Releasers()
  const folder = mkdtempSync(join(tmpdir(), 'flotta-bench-idle-'))
  acquired.defer(() => rmSync(folder, { recursive: true, force: true }))
  const token = createToken('project')
  const ownTokens = Array.from({ length: WOKEN }, () => createToken('project'))
  const projects = { crowd: token, ...Object.fromEntries(ownTokens.map((own, i) => [`own${i}`, own])) }
  const node = acquired.use(await startNodeProcess({ folder, projects }))
  const alone = { mb: residentMb(node.pid), percent: await corePercent(node.pid, ALONE_MS) }
  const crowd = acquired.use(await startSimulatedClients({ url: node.url, count: clients, token, ownTokens }))
  await after(SETTLE_MS)
  const before = await crowd.requests()
  const cpuPercent = await corePercent(node.pid, watchS * 1000)
  const questions = (await crowd.requests()) - before
  const resident = residentMb(node.pid)
  const workbench = acquired.use(await connect(node.url, { folder: join(folder, 'workbench') }))
  const own = await Promise.all(ownTokens.map((each) => workbench.project(each)))
  const waits: number[] = []
  for (let i = 0; i < wakeUps; i++) waits.push(await wakeUp(own[i % WOKEN]!, crowd.began(i % WOKEN)))
  const p95 = percentile(waits, 0.95)
  return [
    {
      name: `${clients.toLocaleString('en')} idle clients: the node`,
      value: resident,
      unit: 'MB resident',
      target: '≤ 500',
      holds: resident <= 500,
    },
    { name: '… without them', value: alone.mb, unit: 'MB resident', target: '', holds: null },
    { name: '… of one core', value: cpuPercent, unit: '%', target: '≤ 5', holds: cpuPercent <= 5 },
    { name: '… without them', value: alone.percent, unit: '%', target: '', holds: null },
    { name: '… questions a second', value: questions / watchS, unit: '', target: '', holds: null },
    { name: '… one of them begins a job, median', value: percentile(waits, 0.5), unit: 'ms', target: '', holds: null },
    { name: '… p95', value: p95, unit: 'ms', target: '≤ 50', holds: p95 <= 50 },
  ]
}

/** The share of a core that a process takes for a while. */
async function corePercent(pid: number, watchMs: number): Promise<number> {
  const before = cpuMs(pid)
  await after(watchMs)
  return ((cpuMs(pid) - before) / watchMs) * 100
}

/** From when the node had stored a job until its client began it. */
async function wakeUp(project: Project, began: Promise<number>): Promise<number> {
  const run = await project.submit([Parallel(Pass(), Collect()), Finalize(Pass())])
  let storedAtMs = Number.NaN
  for await (const { sequence, atMs } of run) if (sequence === 1) storedAtMs = atMs
  return (await began) - storedAtMs
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [clients = 5000, wakeUps = 200, watchS = MAX_WAIT_S] = process.argv.slice(2).map(Number)
  console.log(JSON.stringify(await benchIdle({ clients, wakeUps, watchS }), null, 2))
}
