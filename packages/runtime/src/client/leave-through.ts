import { join } from 'node:path'
import { type ConnectNodeOptions, connectNode } from '@flotta/client-sdk/transport'
import { routes } from '@flotta/contract'

export interface LeaveOptions extends Pick<ConnectNodeOptions, 'url' | 'identity' | 'fingerprint' | 'outbound' | 'modes'> {
  /** Folder with the pinned nodes. */
  readonly workdir: string
}

/**
 * Takes a component out of its network through a node of it: its tables are taken off, and nothing is planned on it any more. Joining
 * again, it is the one it was.
 *
 * @throws {FlottaError} `unavailable` when the node is away, `unauthenticated` when it does not know this component
 */
export async function leaveThrough({ workdir, ...options }: LeaveOptions): Promise<void> {
  const { connection, close } = await connectNode({ ...options, knownNodesFile: join(workdir, 'known-nodes.json') })
  try {
    await connection.call(routes.node.leave, { body: {} })
  } finally {
    await close()
  }
}
