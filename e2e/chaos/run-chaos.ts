import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import type { Store } from '@flotta/runtime/ports'
import { openStore } from '@flotta/store'
import { faultsOf, type ScheduledFault, type ScheduleOptions, sites } from './faults.ts'
import { forgottenFiles, inspect } from './verdict.ts'
import { type Acknowledged, calmResults, submitUntil, wrongResults } from './workload.ts'
import { type DatabaseKind, World } from './world.ts'

export interface ChaosOptions {
  readonly seed: number
  readonly lengthMs: number
  readonly database: DatabaseKind
  readonly tell?: (line: string) => void
}

export interface ChaosReport {
  /** What should not be: nothing, where everything that was accepted ended as in the calm, and once. */
  readonly problems: readonly string[]
  /** How many faults of each kind there were. */
  readonly faults: Readonly<Record<string, number>>
  /** Artifacts whose submission was acknowledged. */
  readonly acknowledged: number
  /** Artifacts that the node has stored, those of the calm included. */
  readonly artifacts: number
  readonly jobs: number
  readonly retries: number
  /** From the end of the disorder until everything had ended. */
  readonly recoveryMs: number
}

/** How long everything that was accepted may take to end once nothing goes wrong any more. */
const RECOVERY_MS = 120_000

/** Runs plans on real processes while things go wrong as the seed says, then checks that nothing was lost and nothing happened twice. */
export async function runChaos({ seed, lengthMs, database, tell = () => undefined }: ChaosOptions): Promise<ChaosReport> {
  await using world = await World.start(database)
  const project = await world.project()
  while ((await project.refresh()).clients.length < sites.length) await after(100)
  const calm = await calmResults(project)
  tell(`calm: ${calm.size} plans`)

  const stop = new AbortController()
  let submitting: Promise<readonly Acknowledged[]> = Promise.resolve([])
  // Nothing goes wrong before there is something that can be lost, however long a busy machine takes for it.
  await new Promise<void>((first) => {
    submitting = submitUntil(project, seed, stop.signal, first)
  })
  const faults = await disorder(world, faultsOf(scheduleOf({ seed, lengthMs, database })), tell)
  stop.abort()
  const acknowledged = await submitting
  const calmAgain = performance.now()
  tell(`calm again: ${acknowledged.length} artifacts were acknowledged`)

  const problems = await wrongResults(acknowledged, calm, RECOVERY_MS)
  const recoveryMs = performance.now() - calmAgain
  await using store = await openStore({ database: world.location, migrate: false })
  await allOver(store)
  for (const [name, code] of await world.stop()) if (code !== 0) problems.push(`${name} ended with ${code}`)
  const folder = (name: string) => join(world.network.folder, name)
  // The node, its clients, and the researcher.
  const record = await inspect(store, join(folder('node'), 'resources'), sites.length + 2)
  problems.push(...record.problems, ...forgottenFiles(['node', 'replica', ...sites].map(folder)))
  const { artifacts, jobs, retries } = record
  return { problems, faults, acknowledged: acknowledged.length, artifacts, jobs, retries, recoveryMs }
}

/** What decides over what goes wrong. */
export function scheduleOf({ seed, lengthMs, database }: Omit<ChaosOptions, 'tell'>): ScheduleOptions {
  return { seed, lengthMs, server: database !== 'sqlite', replicas: database === 'replicas' }
}

/** Lets everything go wrong as scheduled, and answers when all of it is over. */
async function disorder(world: World, schedule: readonly ScheduledFault[], tell: (line: string) => void) {
  const start = performance.now()
  const faults: Record<string, number> = {}
  const suffered: Promise<void>[] = []
  for (const { atMs, fault } of schedule) {
    await after(Math.max(0, atMs - (performance.now() - start)))
    const suffer = async () => {
      if (!(await world.suffer(fault))) return
      faults[fault.kind] = (faults[fault.kind] ?? 0) + 1
      tell(`${String(atMs).padStart(7)} ms  ${JSON.stringify(fault)}`)
    }
    suffered.push(suffer())
  }
  await Promise.all(suffered)
  return faults
}

/**
 * Waits until every artifact has ended, also one that was stored and whose answer came too late for whoever submitted it, and what they
 * left is removed. What takes too long is found by who looks then.
 */
async function allOver(store: Store): Promise<void> {
  const start = performance.now()
  const isOver = async () => {
    const { artifacts } = await store.inventory.counts()
    if ((artifacts.SCHEDULED ?? 0) + (artifacts.RUNNING ?? 0) > 0) return false
    return (await store.artifacts.leftovers(1)).length === 0
  }
  while (!(await isOver()) && performance.now() - start < RECOVERY_MS) await after(100)
}
