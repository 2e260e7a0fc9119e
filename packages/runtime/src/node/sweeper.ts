import { setTimeout as after } from 'node:timers/promises'
import { toError } from '@flotta/contract'
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
 * artifacts left.
 *
 * For one lease after its start it takes nothing away from anybody: while the node was away nobody could renew or deliver.
 */
export function startSweeper(context: NodeContext): Sweeper {
  const stopping = new AbortController()
  const running = sweepUntil(context, stopping.signal)
  return {
    async stop() {
      stopping.abort()
      await running
    },
  }
}

async function sweepUntil(context: NodeContext, signal: AbortSignal): Promise<void> {
  const everyMs = Math.min(EVERY_MS, context.leaseMs / 4)
  const startedAt = performance.now()
  const problems = new ProblemLog(context.logger)
  while (!signal.aborted) {
    const graceOver = performance.now() - startedAt >= context.leaseMs
    try {
      // Of several processes that serve the node, one does it.
      if ((await context.store.replicas?.leads()) ?? true) await sweep(context, graceOver, problems)
    } catch (error) {
      context.logger.warn(`leases and deadlines could not be looked through: ${toError(error).message}`)
    }
    await after(everyMs, undefined, { signal, ref: false }).catch(() => undefined)
  }
}

async function sweep(context: NodeContext, graceOver: boolean, log: ProblemLog): Promise<void> {
  if (graceOver) {
    const leases = await context.store.jobs.expireLeases()
    announce(context, leases)
    const deadlines = await context.store.artifacts.passDeadlines()
    announce(context, deadlines)
    log.tell([...leases.problems, ...deadlines.problems])
  }
  await removeLeftovers(context)
}

/** The products of ended artifacts go, but for released results; a crash in between leaves them for the next time. */
export async function removeLeftovers({ store, blobs }: NodeContext): Promise<void> {
  const leftovers = await store.artifacts.leftovers(MAX_ARTIFACTS_AT_ONCE)
  if (leftovers.length === 0) return
  for (const { resourceIds } of leftovers) for (const id of resourceIds) await blobs.remove(id)
  await store.artifacts.removed(leftovers.map(({ artifactId }) => artifactId))
}
