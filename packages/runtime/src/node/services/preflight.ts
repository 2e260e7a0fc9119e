import type { Artifact, PreflightReport, ProjectId } from '@flotta/contract'
import { preflightReport } from '../../scheduling/fit/preflight-report.ts'
import type { NodeContext } from '../node-context.ts'
import type { Principal } from '../principal.ts'
import { memberProject } from './projects.ts'

/** How a plan would fit a project; nothing is stored or run. */
export async function preflight(
  { store, presence, ...context }: NodeContext,
  principal: Principal,
  projectId: ProjectId,
  artifact: Artifact,
): Promise<PreflightReport> {
  const project = await memberProject({ store, presence, ...context }, principal, projectId)
  return preflightReport(artifact, await store.datasources.ofProject(project.id), (client) => presence.isHere(client))
}
