import { FlottaError, type JoinRequest, type JoinResponse, proofPurposes, type TokenProof } from '@flotta/contract'
import { checkTokenProof } from '@flotta/crypto'
import type { ProjectRecord } from '../../ports/store.ts'
import type { NodeContext } from '../node-context.ts'
import type { Principal } from '../principal.ts'

/**
 * The project whose token a component has proved to know, for one purpose; undefined when there is none or the proof is wrong.
 *
 * The token itself is never sent and never stored.
 */
export async function provenProject(
  { store, id }: NodeContext,
  principal: Principal,
  { tokenId, proof }: TokenProof,
  purpose: keyof typeof proofPurposes,
): Promise<ProjectRecord | undefined> {
  const project = await store.projects.findByTokenId(tokenId)
  if (project === undefined) return undefined
  const claim = { prover: principal.id, verifier: id, purpose: proofPurposes[purpose] }
  return checkTokenProof(project.tokenVerifier, proof, claim) ? project : undefined
}

/**
 * Admits a component that knows the token of at least one project; again is the same as once.
 *
 * @throws {FlottaError} `admission_refused`, or `conflict` when it is known as a component of another kind
 */
export async function join(
  context: NodeContext,
  principal: Principal,
  { kind, name, proofs }: JoinRequest,
): Promise<JoinResponse> {
  const projects = await Promise.all(proofs.map((proof) => provenProject(context, principal, proof, 'join')))
  const proven = projects.filter((project) => project !== undefined)
  if (proven.length === 0) throw new FlottaError('admission_refused')
  if (proven.every(({ state }) => state === 'disabled')) throw new FlottaError('project_disabled')
  const outcome = await context.store.components.register({ id: principal.id, kind, name, key: principal.key, state: 'active' })
  if (outcome === 'kind_conflict') {
    throw new FlottaError(
      'conflict',
      `This key is known as a component of another kind; a ${kind} needs a key, and so a folder, of its own.`,
    )
  }
  context.logger.info(`${kind} joined`, { componentId: principal.id, name })
  return { id: context.id, name: context.name, heartbeatS: context.heartbeatS }
}
