import { FlottaError, type NodeStatus, PROTOCOL_VERSION } from '@flotta/contract'
import type { NodeContext } from '../../node-context.ts'
import { version } from '../../version.ts'

/** How old a check may be that a question for readiness is answered with. */
const READY_MAX_AGE_MS = 1_000

/**
 * Whether the node takes work: it is not stopping, and nothing that it needs is known to be amiss.
 *
 * @throws {FlottaError} `unavailable`, naming what is not well, without detail: anybody may ask
 */
export async function readiness(context: NodeContext) {
  if (context.stopping.aborted) throw new FlottaError('unavailable', 'The node is stopping.')
  const results = await context.selfCheck.results(READY_MAX_AGE_MS)
  const bad = results.filter(({ ok }) => !ok).map(({ name }) => name)
  if (bad.length > 0) throw new FlottaError('unavailable', `The node is not ready: ${bad.join(', ')}.`)
  return { status: 'ready' as const, checks: results.map(({ name, ok }) => ({ name, ok })) }
}

/** How the node is, for its operator. */
export async function nodeStatus({ name, key, store, selfCheck }: NodeContext): Promise<NodeStatus> {
  const checks = (await selfCheck.results(0)).map((result) => ({ ...result }))
  const nowMs = await store.nowMs()
  return { name, version, protocol: PROTOCOL_VERSION, key, nowMs, checks }
}
