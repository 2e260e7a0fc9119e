import { dirname, join } from 'node:path'
import { outboundOf } from '@flotta/client'
import { type ConnectedNode, connectNode } from '@flotta/client-sdk/transport'
import { type Config, loadConfig } from '@flotta/config'
import { fingerprint, KeyFileError, openIdentity, readIdentity } from '@flotta/crypto'
import { type Command, Option } from 'commander'

export const OPERATOR_KEY_FILE = 'operator.key'

/** How a command finds the node and its operator's key. */
export interface NodeOptions {
  readonly config?: string
  readonly set: Readonly<Record<string, string>>
  readonly url?: string
  readonly key?: string
  readonly fingerprint?: string
}

/** Options by which a command finds the node: a configuration file beside it, or address and key of one far away. */
export function addNodeOptions(command: Command): Command {
  return command
    .addOption(new Option('--url <url>', 'URL of the node, where no configuration names it').env('FLOTTA_URL'))
    .option('--key <file>', "the operator's key, where no configuration names it")
    .option('--fingerprint <fingerprint>', "the node's, as it says at its start; without it the first key that answers is pinned")
}

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
