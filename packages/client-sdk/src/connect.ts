import { join } from 'node:path'
import { openIdentity } from '@flotta/crypto'
import { connectNode } from './transport/connect-node.ts'
import { Workbench } from './workbench.ts'
import { defaultWorkbenchFolder } from './workbench-folder.ts'

export interface ConnectOptions {
  /** What the node shows of this workbench to its operator; `workbench` unless told. */
  readonly name?: string
  /** Folder for this workbench's keys and pinned nodes; the user's data folder unless told. */
  readonly folder?: string
  /** The node's fingerprint, as its operator reads it; without it the first key that answers is pinned. */
  readonly fingerprint?: string
  /** The token that the node's operator made for this workbench, where the node asks for one. */
  readonly enrolmentToken?: string
  /** URL of the proxy to the node, or `none`; unless told, `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` decide. */
  readonly proxy?: string
  /** Certificate authorities to trust besides the usual ones, as PEM text. */
  readonly ca?: string
  readonly signal?: AbortSignal
}

/**
 * Connects to a node as a researcher's workbench. Keys are made at the first use.
 *
 * @example const workbench = await connect('http://localhost:1456')
 * @throws {FlottaError} `unavailable` when no node answers, `node_mismatch` when it is not the expected one
 */
export async function connect(url: string | URL, options: ConnectOptions = {}): Promise<Workbench> {
  const folder = options.folder ?? defaultWorkbenchFolder()
  const identity = openIdentity(folder)
  const connected = await connectNode({
    url,
    identity,
    fingerprint: options.fingerprint,
    knownNodesFile: join(folder, 'known-nodes.json'),
    outbound: { proxy: options.proxy, ca: options.ca },
    signal: options.signal,
  })
  return new Workbench({ connected, identity, name: options.name ?? 'workbench', enrolmentToken: options.enrolmentToken })
}
