import { setTimeout as after } from 'node:timers/promises'
import { isFlottaError, toError } from '@flotta/contract'
import { Grace } from './grace.ts'
import { announce, type NodeContext } from './node-context.ts'
import { ProblemLog } from './problem-log.ts'

const EVERY_MS = 1000
const MAX_ARTIFACTS_AT_ONCE = 20

export interface Sweeper {
  /** Resolves when nothing of it runs any more. */
  stop(): Promise<void>
}

/**
 * What a node does by the clock: it hands out again what components let lapse, goes on without stragglers, and removes what ended
 * artifacts left. Of several processes that serve the node, one does it.
 *
 * For one lease after its start, and after it or its database stood still, it takes nothing away from anybody (`Grace`). Leftovers have
 * turns of their own: removing them takes what the storage takes, which is no pause of the node.
 */
export function startSweeper(context: NodeContext): Sweeper {
  const stopping = new AbortController()
  const looks = lookAtClock(context)
  const running = [
    regularly(context, stopping.signal, 'leases and deadlines could not be looked through', looks),
    regularly(context, stopping.signal, 'what ended artifacts left could not be removed', () => clean(context)),
  ]
  return {
    async stop() {
      stopping.abort()
      await Promise.all(running)
    },
  }
}

async function regularly(
  { leaseMs, logger }: NodeContext,
  signal: AbortSignal,
  failing: string,
  look: () => Promise<void>,
): Promise<void> {
  const everyMs = Math.min(EVERY_MS, leaseMs / 4)
  while (!signal.aborted) {
    await look().catch((error: unknown) => logger.warn(`${failing}: ${toError(error).message}`))
    await after(everyMs, undefined, { signal, ref: false }).catch(() => undefined)
  }
}

/** Of several processes that serve the node, one does what only one has to. */
async function leads({ store }: NodeContext): Promise<boolean> {
  return (await store.replicas?.leads()) ?? true
}

/** Looks at leases and deadlines, with a grace that begins where this process begins to lead. */
function lookAtClock(context: NodeContext): () => Promise<void> {
  const { store, leaseMs, logger } = context
  const grace = new Grace(leaseMs)
  const problems = new ProblemLog(logger)
  return async () => {
    try {
      // Those who spoke with the process that led before may not have reached anybody since.
      if (!(await leads(context))) return grace.beginAnew()
      const nowMs = await store.nowMs()
      const graceIsOver = grace.isOver(nowMs)
      // What stands still from here on lets leases lapse that this look has not decided about. Within the grace it takes none, and is made to
      // see whether it could.
      const lapsed = await store.jobs.expireLeases(graceIsOver ? nowMs : 0)
      if (!graceIsOver) return
      announce(context, lapsed)
      const overdue = await store.artifacts.passDeadlines()
      announce(context, overdue)
      problems.tell([...lapsed.problems, ...overdue.problems])
    } catch (error) {
      // Any other failure is no pause, and would keep all leases for as long as it lasts.
      if (isFlottaError(error, 'unavailable')) grace.beginAnew()
      throw error
    }
  }
}

async function clean(context: NodeContext): Promise<void> {
  if (await leads(context)) await removeLeftovers(context)
}

/** The products of ended artifacts go, but for released results; a crash in between leaves them for the next time. */
export async function removeLeftovers({ store, blobs }: NodeContext): Promise<void> {
  const leftovers = await store.artifacts.leftovers(MAX_ARTIFACTS_AT_ONCE)
  if (leftovers.length === 0) return
  for (const { resourceIds } of leftovers) for (const id of resourceIds) await blobs.remove(id)
  await store.artifacts.removed(leftovers.map(({ artifactId }) => artifactId))
}
