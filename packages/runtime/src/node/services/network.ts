import type { Member, NetworkChanges, OtherNodes } from '@flotta/contract'
import { networkKey } from '../../ports/replicas.ts'
import { held } from '../held.ts'
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
export async function networkChanges(
  context: NodeContext,
  { after, waitS }: { readonly after: number; readonly waitS: number },
  signal: AbortSignal,
): Promise<NetworkChanges> {
  const { components, projects } = context.store
  let revision = after
  const news = await held(context, [networkKey], waitS * 1000, signal, async () => {
    // Whatever has a revision up to this one can be seen by the two questions that follow.
    revision = Math.max(after, await components.revision())
    const found = await components.membersSince(after, MEMBERS_AT_ONCE)
    const shared = await projects.since(after)
    if (found.members.length === 0 && shared.length === 0) return undefined
    return { revision: found.more ? found.revision : revision, members: found.members, projects: shared }
  })
  return news ?? { revision, members: [], projects: [] }
}

/** The nodes besides this one, where they are others than the client knows. `known`: their digest; absent where it needs not hear of them. */
export async function otherNodes({ nodes }: NodeContext, known: string | undefined): Promise<OtherNodes | undefined> {
  if (known === undefined) return undefined
  const told = await nodes.told()
  return told.digest === known ? undefined : told
}
