import { backoffDelayMs, defaultBackoff, type NodeConnection, sleep } from '@flotta/client-sdk/transport'
import { type ComponentId, isFlottaError, type NetworkChanges, routes, toError } from '@flotta/contract'
import { announce, announceNetwork, type NodeContext, wakeEverywhere } from '../node-context.ts'

const WAIT_S = 30

/**
 * Hears of each change that another node tells, as it happens, from everything at first; until the signal aborts. A node that is away
 * is asked again with back-off. Again is the same as once, so nothing has to be remembered of how far it came.
 */
export async function followPeer(
  context: NodeContext,
  peer: { readonly id: ComponentId; readonly name: string },
  connection: NodeConnection,
  signal: AbortSignal,
): Promise<void> {
  let after = 0
  let failures = 0
  while (!signal.aborted) {
    try {
      const options = { signal, timeoutMs: (WAIT_S + 15) * 1000 }
      const changes = await connection.call(routes.node.changes, { body: { after, waitS: WAIT_S } }, options)
      await takeOver(context, peer.id, changes)
      after = changes.revision
      failures = 0
    } catch (error) {
      if (signal.aborted) return
      // A node that has just joined may be known here a moment before this node is known there.
      const log = isFlottaError(error, 'unauthenticated') && failures < 3 ? 'debug' : 'warn'
      const delayMs = backoffDelayMs(defaultBackoff, failures++, Math.random())
      context.logger[log](`following the node ${peer.name}: ${toError(error).message}`, { nextTryInMs: Math.round(delayMs) })
      await sleep(delayMs, signal)
    }
  }
}

async function takeOver(context: NodeContext, peerId: ComponentId, { projects, members }: NetworkChanges): Promise<void> {
  const { store, directory, logger } = context
  let changed = false
  for (const project of projects) changed = (await store.projects.adopt(project)) || changed
  for (const member of members) {
    if (member.key.id === context.id) {
      if (member.state !== 'active')
        logger.warn(`another node says that this one is out of the network: ${member.state}`, { nodeId: peerId })
      continue
    }
    const changes = await store.components.adopt(member, peerId)
    if (changes === undefined) continue
    changed = true
    directory.forget(member.key.id)
    announce(context, changes)
    if (member.state !== 'active') wakeEverywhere(context, [member.key.id])
  }
  if (changed) announceNetwork(context)
}
