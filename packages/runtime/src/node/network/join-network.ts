import { join as joinPath } from 'node:path'
import { connectNode } from '@flotta/client-sdk/transport'
import { type ComponentId, proofPurposes, routes } from '@flotta/contract'
import { proveToken } from '@flotta/crypto'
import { insist } from '../../worker/insist.ts'
import { announceNetwork, type NodeContext } from '../node-context.ts'

export interface JoinNetworkOptions {
  /** A node of the network. */
  readonly url: string
  readonly fingerprint?: string | undefined
  /** The token that its operator made for this node; without it the operator has to approve. */
  readonly enrolmentToken?: string | undefined
  /** Tokens of projects, of which this node proves to know them. */
  readonly tokens: readonly string[]
}

/**
 * Becomes a node of a network through one that is in it, waiting with back-off while that is away or its operator has not approved yet.
 * Answers whom it asked; from then on both follow each other, and the others hear of it.
 *
 * @throws {FlottaError} `admission_refused`, `node_mismatch`, `node_unreachable`, `conflict`
 */
export function joinNetwork(
  context: NodeContext,
  ownUrl: string,
  { url, fingerprint, enrolmentToken, tokens }: JoinNetworkOptions,
  workdir: string,
): Promise<ComponentId> {
  const { identity, outbound, logger, store, stopping: signal, name } = context
  return insist(
    `joining the network through ${url}`,
    async () => {
      const knownNodesFile = joinPath(workdir, 'known-nodes.json')
      const connected = await connectNode({ url, identity, fingerprint, knownNodesFile, outbound, modes: ['node'], signal })
      try {
        const { connection } = connected
        const prove = (token: string, purpose: string) =>
          proveToken(token, { prover: identity.id, verifier: connection.nodeKey.id, purpose })
        const body = {
          kind: 'node' as const,
          name,
          url: ownUrl,
          proofs: tokens.map((token) => prove(token, proofPurposes.join)),
          ...(enrolmentToken ? { enrolment: prove(enrolmentToken, proofPurposes.enrol) } : {}),
        }
        const { id, nodes } = await connection.call(routes.node.join, { body }, { introduce: true, signal })
        for (const node of nodes) if (node.key.id !== context.id) await store.components.adopt(node, id)
        logger.info('joined the network', { through: connected.node.name, nodes: nodes.length })
        announceNetwork(context)
        return id
      } finally {
        await connected.close()
      }
    },
    { signal, logger },
  )
}
