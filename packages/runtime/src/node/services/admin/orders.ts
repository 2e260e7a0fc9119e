import { randomBytes } from 'node:crypto'
import {
  type ComponentId,
  type ComponentItem,
  type ComponentState,
  FlottaError,
  makeId,
  type ProjectId,
  type ProjectState,
  type TokenRecord,
} from '@flotta/contract'
import type { ProjectSummary } from '../../../ports/inventory.ts'
import { announceNetwork, type NodeContext } from '../../node-context.ts'
import { approveComponent, blockComponent, removeComponent } from '../membership.ts'
import { showComponent, showProject } from './lists.ts'

/**
 * Makes a project whose token only the operator knows.
 *
 * @throws {FlottaError} `conflict` when a project has, or had, this token
 */
export async function createProject(
  context: NodeContext,
  { name, token }: { readonly name: string; readonly token: TokenRecord },
): Promise<ProjectSummary> {
  const project = { id: makeId('prj', randomBytes(26)), name, ...token, state: 'active' } as const
  if ((await context.store.projects.findByTokenId(token.tokenId)) !== undefined) throw new FlottaError('conflict')
  const stored = await context.store.projects.ensure(project)
  if (stored.id !== project.id) throw new FlottaError('conflict', 'This token belongs, or belonged, to another project.')
  announceNetwork(context)
  context.logger.info('project created', { projectId: project.id })
  return showProject(context, project.id)
}

/**
 * Gives a project another token. Members stay; nobody joins, opens or attaches data with the one it had.
 *
 * @throws {FlottaError} `not_found`; `conflict` when another project has this token, or any project had it
 */
export async function rotateToken(context: NodeContext, id: ProjectId, token: TokenRecord): Promise<ProjectSummary> {
  const outcome = await context.store.projects.rotateToken(id, token)
  if (outcome === 'unknown') throw new FlottaError('not_found')
  if (outcome === 'taken') throw new FlottaError('conflict', 'This token belongs, or belonged, to a project.')
  announceNetwork(context)
  context.logger.info('the token of a project was changed', { projectId: id })
  return showProject(context, id)
}

/** Disables or enables a project. What runs goes on. */
export async function setProjectState(context: NodeContext, id: ProjectId, state: ProjectState): Promise<ProjectSummary> {
  if (!(await context.store.projects.setState(id, state))) throw new FlottaError('not_found')
  announceNetwork(context)
  context.logger.info(`project ${state}`, { projectId: id })
  return showProject(context, id)
}

/**
 * Lets a component in, keeps it out, or takes it out.
 *
 * @throws {FlottaError} `not_found`; `conflict` for the node itself
 */
export async function setComponentState(
  context: NodeContext,
  id: ComponentId,
  state: Exclude<ComponentState, 'pending'>,
): Promise<ComponentItem> {
  if (id === context.id) throw new FlottaError('conflict', 'The node can not be taken out of itself.')
  if ((await context.store.components.find(id)) === undefined) throw new FlottaError('not_found')
  switch (state) {
    case 'active':
      await approveComponent(context, id)
      break
    case 'blocked':
      await blockComponent(context, id)
      break
    case 'left':
      await removeComponent(context, id)
      break
    default:
      state satisfies never
  }
  return showComponent(context, id)
}
