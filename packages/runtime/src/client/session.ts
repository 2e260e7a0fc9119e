import { join } from 'node:path'
import { type ConnectedNode, connectNode, type NodeConnection, type Outbound } from '@flotta/client-sdk/transport'
import {
  type ErrorCode,
  isFlottaError,
  type JoinRequest,
  type JoinResponse,
  type NodeKey,
  type ProjectId,
  type PublishRequest,
  proofPurposes,
  routes,
} from '@flotta/contract'
import { type Identity, proveToken } from '@flotta/crypto'
import type { Logger } from '../ports/logger.ts'
import type { OfferedDatasource } from '../ports/offered-datasource.ts'
import { insist } from '../worker/insist.ts'

export interface SessionOptions {
  readonly nodeUrl: string
  readonly fingerprint?: string | undefined
  readonly outbound?: Outbound | undefined
  readonly nodeModes: readonly NodeKey['mode'][]
  readonly enrolmentToken?: string | undefined
  readonly identity: Identity
  readonly name: string
  readonly workdir: string
  readonly datasources: readonly OfferedDatasource[]
  /** What is published of each table, in their order. */
  readonly describe: () => Promise<PublishRequest['datasources'][number]['metadata'][]>
  readonly logger: Logger
}

/** Failures that say that no node, or not the expected one, was there. */
const unreached: readonly ErrorCode[] = ['unavailable', 'node_mismatch']

/** A standing with a node: connected, joined, and with all tables published. */
export interface Standing {
  readonly connection: NodeConnection
  readonly node: JoinResponse
}

/**
 * Keeps a client's standing with its node.
 *
 * It is made at the first use, waiting with back-off for as long as the node is away, and made anew when the node does not know
 * the client any more (as after a restart of a node that keeps its memory in memory).
 */
export class Session {
  readonly #options: SessionOptions
  readonly #stopping: AbortSignal
  #standing: Promise<Standing> | undefined
  #connected: ConnectedNode | undefined
  #established = false
  #trouble: string | undefined
  #offers: ReadonlyMap<ProjectId, readonly string[]> = new Map()

  constructor(options: SessionOptions, stopping: AbortSignal) {
    this.#options = options
    this.#stopping = stopping
  }

  /** Whether the node has admitted the client, as far as the client knows. */
  get established(): boolean {
    return this.#established
  }

  /** Why the node was not reached, or refused, when it was tried last; undefined where it answered. */
  get trouble(): string | undefined {
    return this.#trouble
  }

  /** The tables, by name, that the owner offers to each project, as the node was told last. */
  get offers(): ReadonlyMap<ProjectId, readonly string[]> {
    return this.#offers
  }

  /** The node was heard, in the midst of an exchange. */
  heard(): void {
    this.#trouble = undefined
  }

  standing(): Promise<Standing> {
    this.#standing ??= this.#join().then(
      (standing) => {
        this.#established = true
        return standing
      },
      (error: unknown) => {
        this.#standing = undefined
        throw error
      },
    )
    return this.#standing
  }

  /** Does something with the connection; when the node does not know the client any more, joins again and does it once more. */
  async call<T>(action: (connection: NodeConnection) => Promise<T>): Promise<T> {
    const standing = this.standing()
    try {
      return await this.#watched(async () => action((await standing).connection))
    } catch (error) {
      if (!isFlottaError(error, 'unauthenticated')) throw error
      this.#options.logger.warn('the node does not know this client any more; joining again')
      if (this.#standing === standing) {
        this.#standing = undefined
        this.#established = false
      }
      return action((await this.standing()).connection)
    }
  }

  /** Tells the node what there is now; for as long as the node is away, it tries again. */
  async republish(): Promise<void> {
    const { logger } = this.#options
    await insist('publishing the tables', () => this.call((connection) => this.#publish(connection)), {
      signal: this.#stopping,
      logger,
    })
  }

  async close(): Promise<void> {
    await this.#connected?.close()
  }

  async #join(): Promise<Standing> {
    const { logger, nodeUrl, identity, name, fingerprint, outbound, nodeModes: modes, workdir } = this.#options
    const knownNodesFile = join(workdir, 'known-nodes.json')
    return insist(
      `joining ${nodeUrl}`,
      () =>
        this.#watched(async () => {
          await this.#connected?.close()
          const connected = await connectNode({
            url: nodeUrl,
            identity,
            fingerprint,
            knownNodesFile,
            outbound,
            modes,
            signal: this.#stopping,
          })
          this.#connected = connected
          const { connection } = connected
          const proofs = this.#proofs(connection, 'join')
          const node = await connection.call(
            routes.node.join,
            { body: { kind: 'client', name, proofs, ...this.#enrolment(connection) } },
            { introduce: true, signal: this.#stopping },
          )
          await this.#publish(connection)
          logger.info('joined the node', { node: node.name, nodeId: node.id, projects: this.#offers.size })
          return { connection, node }
        }),
      { signal: this.#stopping, logger },
    )
  }

  /** Notes how the node was reached. A refusal of one request is no trouble with the node. */
  async #watched<T>(exchange: () => Promise<T>): Promise<T> {
    try {
      const answer = await exchange()
      this.#trouble = undefined
      return answer
    } catch (error) {
      if (isFlottaError(error) && (!this.#established || unreached.includes(error.code))) this.#trouble = error.message
      throw error
    }
  }

  #proofs(connection: NodeConnection, purpose: keyof typeof proofPurposes, tokens: readonly string[] = this.#allTokens()) {
    const context = { prover: this.#options.identity.id, verifier: connection.nodeKey.id, purpose: proofPurposes[purpose] }
    return tokens.map((token) => proveToken(token, context))
  }

  #enrolment(connection: NodeConnection): Pick<JoinRequest, 'enrolment'> {
    const { enrolmentToken } = this.#options
    return enrolmentToken ? { enrolment: this.#proofs(connection, 'enrol', [enrolmentToken])[0] } : {}
  }

  #allTokens(): string[] {
    return [...new Set(this.#options.datasources.flatMap(({ tokens }) => tokens()))]
  }

  async #publish(connection: NodeConnection): Promise<void> {
    const { datasources, describe, logger } = this.#options
    const descriptions = await describe()
    const body: PublishRequest = {
      datasources: datasources.map(({ tokens }, index) => ({
        metadata: descriptions[index]!,
        proofs: this.#proofs(connection, 'attach', tokens()),
      })),
    }
    const { attached, unknownTokenIds } = await connection.call(routes.client.publish, { body }, { signal: this.#stopping })
    if (unknownTokenIds.length > 0) {
      logger.warn(
        `the node has no project for ${unknownTokenIds.length} of the tokens in datasources[].token; check them with the operator of the node`,
      )
    }
    const offers = new Map<ProjectId, string[]>()
    for (const { datasource, projects } of attached)
      for (const id of projects) offers.set(id, [...(offers.get(id) ?? []), datasource])
    this.#offers = offers
  }
}
