import { connectNode } from '@flotta/client-sdk/transport'
import { FlottaError, toError } from '@flotta/contract'
import type { NodeContext } from '../node-context.ts'
import type { Principal } from '../principal.ts'

const PATIENCE_MS = 10_000

/**
 * Makes sure that a node is where it says it is, before the others are told. Only who has been let in already is asked at an address
 * of his choice.
 *
 * @throws {FlottaError} `node_unreachable`
 */
export async function requireReachable(context: NodeContext, { id }: Principal, url: string | undefined): Promise<void> {
  if (url === undefined) throw new FlottaError('malformed_request', 'A node that joins has to say its url.')
  const { identity, outbound } = context
  try {
    const connected = await connectNode({ url, identity, outbound, modes: ['node'], signal: AbortSignal.timeout(PATIENCE_MS) })
    await connected.close()
    if (connected.node.key.id !== id) throw new Error('another node answers there')
  } catch (error) {
    throw new FlottaError(
      'node_unreachable',
      `The node can not be reached at ${url}, where it says it is: ${toError(error).message} Set its node.url.`.slice(0, 1900),
    )
  }
}
