import {
  type ComponentId,
  type ComponentKind,
  FlottaError,
  type JoinRequest,
  type JoinResponse,
  type TokenRecord,
} from '@flotta/contract'
import { createToken, fingerprint, tokenId, tokenVerifier } from '@flotta/crypto'
import { announce, announceNetwork, type NodeContext, wakeEverywhere } from '../node-context.ts'
import type { Principal } from '../principal.ts'
import { admit } from './admission.ts'
import { nodesOfNetwork } from './network.ts'
import { requireReachable } from './reachable.ts'

/** Most components that wait for the operator; further ones are refused, so that nobody fills the table. */
const MAX_PENDING = 1000

/**
 * Lets a component in, or has it wait for the operator; again is the same as once, and who had left is back as the one it was.
 *
 * @throws {FlottaError} `admission_refused`, `admission_pending`, `node_unreachable`, or `conflict` when it is known as a component of
 * another kind
 */
export async function join(context: NodeContext, principal: Principal, request: JoinRequest): Promise<JoinResponse> {
  const { kind, name, url } = request
  const known = await context.store.components.find(principal.id)
  const { state, enrolment } = await admit(context, principal, request, known)
  if (kind === 'node' && state === 'active') await requireReachable(context, principal, url)
  if (state === 'pending' && known === undefined && (await context.store.components.countPending()) >= MAX_PENDING)
    throw new FlottaError('admission_refused', 'Too many components wait for the operator.')
  const outcome = await context.store.components.register({
    id: principal.id,
    kind,
    name,
    key: principal.key,
    url: kind === 'node' ? url : null,
    state,
    enrolment,
  })
  context.directory.forget(principal.id)
  switch (outcome) {
    case 'registered':
      context.logger.info(`${kind} joined`, { componentId: principal.id, name })
      announceNetwork(context)
      return { ...selfOf(context), nodes: kind === 'node' ? await nodesOfNetwork(context) : [] }
    case 'pending':
      return waits(context, principal, kind, known === undefined)
    case 'kind_conflict':
      throw new FlottaError(
        'conflict',
        `This key is known as a component of another kind; a ${kind} needs a key, and so a folder, of its own.`,
      )
    case 'blocked':
    case 'enrolment_spent':
      throw new FlottaError('admission_refused')
    default:
      return outcome satisfies never
  }
}

function selfOf({ id, name, heartbeatS }: NodeContext): Pick<JoinResponse, 'id' | 'name' | 'heartbeatS'> {
  return { id, name, heartbeatS }
}

function waits({ logger }: NodeContext, { id, key }: Principal, kind: ComponentKind, first: boolean): never {
  const print = fingerprint(key)
  if (first)
    logger.warn(`a ${kind} asks to join and waits for approval: compare its fingerprint by telephone`, {
      componentId: id,
      fingerprint: print,
    })
  throw new FlottaError(
    'admission_pending',
    `The operator of the node has to approve ${id} (fingerprint ${print}) first; this component goes on asking.`,
  )
}

/** Takes a component out that says that it goes: its tables and jobs with it. It may come back. */
export function leave(context: NodeContext, principal: Principal): Promise<void> {
  return retire(context, principal.id, 'left')
}

/** Lets in who waits for it, or was blocked; false where nobody did. */
export async function approveComponent(context: NodeContext, id: ComponentId): Promise<boolean> {
  const approved = await context.store.components.approve(id)
  context.directory.forget(id)
  if (approved) announceNetwork(context)
  return approved
}

/** Puts a component out, everywhere: from now on it is refused as if nobody knew it. */
export function blockComponent(context: NodeContext, id: ComponentId): Promise<void> {
  return retire(context, id, 'blocked')
}

/** Takes a component out as if it had left by itself; it may come back. */
export function removeComponent(context: NodeContext, id: ComponentId): Promise<void> {
  return retire(context, id, 'left')
}

async function retire(context: NodeContext, id: ComponentId, state: 'left' | 'blocked'): Promise<void> {
  const changes = await context.store.components.retire(id, state)
  context.directory.forget(id)
  context.logger.info(`a component was taken out: ${state}`, { componentId: id })
  announce(context, changes)
  announceNetwork(context)
  // What it has asked is held, maybe at another process, and ends now.
  wakeEverywhere(context, [id])
}

/**
 * Lets one component of a kind in, once, by a token that its operator made and of which the node gets what a proof of it is checked with.
 *
 * @throws {FlottaError} `conflict` when the token was used for this before
 */
export async function enrol(
  context: NodeContext,
  { kind, token, lifeS }: { readonly kind: ComponentKind; readonly token: TokenRecord; readonly lifeS: number },
): Promise<void> {
  if ((await context.store.enrolments.find(token.tokenId)) !== undefined) throw new FlottaError('conflict')
  await context.store.enrolments.create({ ...token, kind }, lifeS * 1000)
  context.logger.info(`an enrolment token for a ${kind} was made`)
}

/** A token of the node's own making that does the same; it is shown here alone. */
export async function createEnrolment(context: NodeContext, kind: ComponentKind, lifeMs: number): Promise<string> {
  const token = createToken('enrolment')
  await context.store.enrolments.create({ tokenId: tokenId(token), tokenVerifier: tokenVerifier(token), kind }, lifeMs)
  return token
}
