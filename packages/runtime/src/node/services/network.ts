import type { ComponentId, Member, NetworkChanges, OtherNode } from '@flotta/contract'
import { networkKey } from '../../ports/replicas.ts'
import { nodesKey } from '../network/node-list.ts'
import type { NodeContext } from '../node-context.ts'

const MEMBERS_AT_ONCE = 200

/** All active nodes of the network as members, with what they offer. */
export async function nodesOfNetwork({ store }: NodeContext): Promise<Member[]> {
  const { members } = await store.components.membersSince(0, 100_000)
  return members.filter(({ kind, state }) => kind === 'node' && state === 'active')
}

/**
 * What changed here since a revision, for another node: at once when something has, else as soon as it does, or nothing after the wait.
 * Every node follows every other one in this way, so each hears of members, departures and projects from whoever answers for them.
 */
export function networkChanges(
  context: NodeContext,
  { after, waitS }: { readonly after: number; readonly waitS: number },
  signal: AbortSignal,
): Promise<NetworkChanges> {
  const { components, projects } = context.store
  return held(context, networkKey, waitS, signal, async (last) => {
    // Whatever has a revision up to this one can be seen by the two questions that follow.
    const revision = await components.revision()
    const found = await components.membersSince(after, MEMBERS_AT_ONCE)
    const shared = await projects.since(after)
    if (found.members.length === 0 && shared.length === 0 && !last) return undefined
    return { revision: found.more ? found.revision : Math.max(after, revision), members: found.members, projects: shared }
  })
}

/** The nodes besides this one: as soon as they are others than the client knows, or the same after the wait. */
export function otherNodes(
  context: NodeContext,
  { known, waitS }: { readonly known: readonly ComponentId[]; readonly waitS: number },
  signal: AbortSignal,
): Promise<{ readonly nodes: OtherNode[] }> {
  const before = [...known].sort().join()
  return held(context, nodesKey, waitS, signal, async (last) => {
    const nodes = await context.nodes.seen()
    if (!last && nodes.map(({ id }) => id).join() === before) return undefined
    return { nodes: nodes.map(({ name, key }) => ({ name, key })) }
  })
}

/** Looks until there is something to answer or, after the wait, looks for the last time. */
async function held<T>(
  { wakeUps, stopping }: NodeContext,
  key: string,
  waitS: number,
  signal: AbortSignal,
  look: (last: boolean) => Promise<T | undefined>,
): Promise<T> {
  const deadline = performance.now() + waitS * 1000
  const listener = wakeUps.listen(key)
  try {
    for (;;) {
      const remainingMs = deadline - performance.now()
      const last = remainingMs <= 0 || signal.aborted || stopping.aborted
      const found = await look(last)
      if (found !== undefined) return found
      await listener.wait(remainingMs, signal)
    }
  } finally {
    listener.close()
  }
}
