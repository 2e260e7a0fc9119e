import { openNode } from '@flotta/client-sdk/transport'
import { FlottaError, routes, toError } from '@flotta/contract'
import type { NodeContext } from '../node-context.ts'

const PATIENCE_MS = 10_000

/**
 * Tells the other nodes that this one goes; what one of them knows, all of them hear.
 *
 * @throws {FlottaError} `conflict` when there is no other node, `unavailable` when none could be told
 */
export async function leaveNetwork({ store, id, identity, outbound, logger }: NodeContext): Promise<void> {
  const others = (await store.components.nodes()).filter((node) => node.id !== id)
  if (others.length === 0) throw new FlottaError('conflict', 'This node is in no network that it could leave.')
  let told = 0
  for (const { key, name, url } of others) {
    if (url === null) continue
    const { connection, close } = openNode({ url, nodeKey: key, identity, outbound })
    try {
      await connection.call(routes.node.leave, { body: {} }, { signal: AbortSignal.timeout(PATIENCE_MS) })
      told++
    } catch (error) {
      logger.warn(`the node ${name} could not be told: ${toError(error).message}`)
    } finally {
      await close()
    }
  }
  if (told === 0) throw new FlottaError('unavailable', 'No other node could be told.')
}
