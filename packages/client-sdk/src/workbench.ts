import { type JoinRequest, proofPurposes, routes } from '@flotta/contract'
import { type Identity, proveToken } from '@flotta/crypto'
import { Project } from './project.ts'
import type { ConnectedNode } from './transport/connect-node.ts'

/** A researcher's connection to one node. Close it, or bind it with `await using`. */
export class Workbench implements AsyncDisposable {
  readonly #connected: ConnectedNode
  readonly #identity: Identity
  readonly #name: string
  readonly #enrolmentToken: string | undefined

  constructor(options: {
    readonly connected: ConnectedNode
    readonly identity: Identity
    readonly name: string
    readonly enrolmentToken?: string | undefined
  }) {
    this.#connected = options.connected
    this.#enrolmentToken = options.enrolmentToken
    this.#identity = options.identity
    this.#name = options.name
  }

  get id(): string {
    return this.#identity.id
  }

  get nodeName(): string {
    return this.#connected.node.name
  }

  /**
   * Opens a project by its token. The token itself never leaves this process: the node gets a proof of it.
   *
   * @throws {FlottaError} `admission_refused` when the node has no project with this token, `admission_pending` while its operator has
   * not let this workbench in
   */
  async project(token: string, options: { readonly signal?: AbortSignal } = {}): Promise<Project> {
    const { connection, node } = this.#connected
    const prove = (purpose: string) => proveToken(token, { prover: this.#identity.id, verifier: node.key.id, purpose })
    const body = { kind: 'workbench' as const, name: this.#name, proofs: [prove(proofPurposes.join)], ...this.#enrolment() }
    await connection.call(routes.node.join, { body }, { ...options, introduce: true })
    const view = await connection.call(routes.workbench.open, { body: { proof: prove(proofPurposes.open) } }, options)
    return new Project(view, { connection, identity: this.#identity })
  }

  #enrolment(): Pick<JoinRequest, 'enrolment'> {
    if (this.#enrolmentToken === undefined) return {}
    const context = { prover: this.#identity.id, verifier: this.#connected.node.key.id, purpose: proofPurposes.enrol }
    return { enrolment: proveToken(this.#enrolmentToken, context) }
  }

  close(): Promise<void> {
    return this.#connected.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}
