import { dirname, join } from 'node:path'
import { outboundOf } from '@flotta/client'
import { type ConnectedNode, connectNode } from '@flotta/client-sdk/transport'
import { type Config, loadConfig } from '@flotta/config'
import { fingerprint, KeyFileError, openIdentity, readIdentity } from '@flotta/crypto'
import type { NodeOptions } from './node-options.ts'

export const OPERATOR_KEY_FILE = 'operator.key'

/**
 * Reaches the node as its operator.
 *
 * @throws {ConfigError} {@link KeyFileError} {@link FlottaError}
 */
export async function connectAsOperator(options: NodeOptions): Promise<ConnectedNode> {
  if (options.url !== undefined && options.key !== undefined) {
    const { url, key } = options
    const knownNodesFile = join(dirname(key), 'known-nodes.json')
    return connectNode({ url, identity: readIdentity(key), fingerprint: options.fingerprint, knownNodesFile })
  }
  const { config } = loadConfig({
    env: process.env,
    flags: options.set,
    ...(options.config === undefined ? {} : { file: options.config }),
  })
  return connectNode({
    url: options.url ?? localUrl(config),
    identity: readIdentity(options.key ?? operatorKeyFile(config)),
    fingerprint: options.fingerprint ?? ownFingerprint(config),
    outbound: outboundOf(config),
  })
}

/** Where the node makes its operator's key at its first start. */
export function operatorKeyFile({ workdir }: Config): string {
  return join(workdir, 'keys', OPERATOR_KEY_FILE)
}

/** The node of this machine; its external URL where it has one, so that a certificate fits. */
export function localUrl({ node }: Config): string {
  if (node.url !== '') return node.url
  const anywhere = ['0.0.0.0', '::', ''].includes(node.interface)
  return `${node.tls ? 'https' : 'http'}://${anywhere ? 'localhost' : node.interface}:${node.port}`
}

/** What the node's key on this machine is; undefined where it can't be read here. */
function ownFingerprint({ workdir, exchange: { signingKeyFile } }: Config): string | undefined {
  try {
    const folder = join(workdir, 'keys')
    const identity =
      signingKeyFile === undefined ? readIdentity(join(folder, 'component.key')) : openIdentity(folder, { signingKeyFile })
    return fingerprint(identity.document)
  } catch (error) {
    if (error instanceof KeyFileError) return undefined
    throw error
  }
}
