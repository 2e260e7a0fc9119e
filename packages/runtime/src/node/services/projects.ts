import { FlottaError, type ProjectId, type ProjectView, type TokenProof } from '@flotta/contract'
import type { DatasourceRecord, ProjectRecord } from '../../ports/store.ts'
import { projectFeatures } from '../../scheduling/project-features.ts'
import type { NodeContext } from '../node-context.ts'
import type { Principal } from '../principal.ts'
import { provenProject } from './admission.ts'

/** Opens a project to a researcher who has proved to know its token, and makes him a member. */
export async function openProject(context: NodeContext, principal: Principal, proof: TokenProof): Promise<ProjectView> {
  const project = await provenProject(context, principal, proof, 'open')
  if (project === undefined) throw new FlottaError('not_found')
  requireActive(project)
  await context.store.projects.addMember(project.id, principal.id)
  return viewOf(project, await context.store.datasources.ofProject(project.id))
}

/** A project as its members see it. */
export async function viewProject(context: NodeContext, principal: Principal, projectId: ProjectId): Promise<ProjectView> {
  const project = await memberProject(context, principal, projectId)
  return viewOf(project, await context.store.datasources.ofProject(project.id))
}

/** A project, if the component is its member; for everybody else it does not exist (A8). */
export async function memberProject({ store }: NodeContext, principal: Principal, projectId: ProjectId): Promise<ProjectRecord> {
  const project = (await store.projects.isMember(projectId, principal.id)) ? await store.projects.find(projectId) : undefined
  if (project === undefined) throw new FlottaError('not_found')
  return project
}

/** @throws {FlottaError} `project_disabled` */
export function requireActive({ state }: ProjectRecord): void {
  if (state === 'disabled') throw new FlottaError('project_disabled')
}

function viewOf({ id, name }: ProjectRecord, datasources: readonly DatasourceRecord[]): ProjectView {
  const clients = new Map(datasources.map(({ component }) => [component.id, component]))
  const metadata = datasources.map((datasource) => datasource.metadata)
  return {
    id,
    name,
    records: metadata.reduce((sum, { records }) => sum + (records ?? 0), 0),
    clients: [...clients.values()].map((client) => ({ id: client.id, name: client.name })),
    features: projectFeatures(datasources),
    datasources: datasources.map(({ id: datasourceId, component, metadata: published }) => ({
      id: datasourceId,
      component: { id: component.id, name: component.name },
      metadata: published,
    })),
  }
}
