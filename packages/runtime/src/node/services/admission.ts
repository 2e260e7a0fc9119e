import { type ComponentKind, FlottaError, type JoinRequest, proofPurposes, type TokenProof } from '@flotta/contract'
import { checkTokenProof } from '@flotta/crypto'
import type { ComponentRecord } from '../../ports/component-record.ts'
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
  purpose: 'join' | 'open' | 'attach',
): Promise<ProjectRecord | undefined> {
  const project = await store.projects.findByTokenId(tokenId)
  if (project === undefined) return undefined
  const claim = { prover: principal.id, verifier: id, purpose: proofPurposes[purpose] }
  return checkTokenProof(project.tokenVerifier, proof, claim) ? project : undefined
}

interface Verdict {
  readonly state: 'active' | 'pending'
  /** The enrolment token to spend. */
  readonly enrolment?: string
}

/**
 * Whether somebody is let in by what he shows, or has to wait for the operator.
 *
 * The token of a project is known to its researchers too, and a node sees what each single site produced: so it never makes a node of
 * its holder (`docs/decisions/0017`).
 *
 * @throws {FlottaError} `admission_refused`, `project_disabled`
 */
export async function admit(
  context: NodeContext,
  principal: Principal,
  request: JoinRequest,
  known: ComponentRecord | undefined,
): Promise<Verdict> {
  const { kind, proofs, enrolment } = request
  if (enrolment !== undefined) {
    if (!(await isEnrolled(context, principal, kind, enrolment))) throw new FlottaError('admission_refused')
    return { state: 'active', enrolment: enrolment.tokenId }
  }
  const isIn = known?.state === 'active'
  if (isIn && kind === 'node') return { state: 'active' }
  const projects = await Promise.all(proofs.map((proof) => provenProject(context, principal, proof, 'join')))
  const proven = projects.filter((project) => project !== undefined)
  if (proven.length === 0) throw new FlottaError('admission_refused')
  if (proven.every((project) => project.state === 'disabled')) throw new FlottaError('project_disabled')
  if (isIn) return { state: 'active' }
  switch (context.admission) {
    case 'project-token':
      return { state: kind === 'node' ? 'pending' : 'active' }
    case 'enrolment-token':
      throw new FlottaError(
        'admission_refused',
        'This node lets in whom its operator has given an enrolment token (join.enrolment_token).',
      )
    case 'approval':
      return { state: 'pending' }
    default:
      return context.admission satisfies never
  }
}

async function isEnrolled(
  { store, id }: NodeContext,
  principal: Principal,
  kind: ComponentKind,
  { tokenId, proof }: TokenProof,
): Promise<boolean> {
  const enrolment = await store.enrolments.find(tokenId)
  if (enrolment === undefined || enrolment.kind !== kind) return false
  return checkTokenProof(enrolment.tokenVerifier, proof, { prover: principal.id, verifier: id, purpose: proofPurposes.enrol })
}
