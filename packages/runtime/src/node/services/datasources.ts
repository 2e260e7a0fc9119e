import { randomBytes } from 'node:crypto'
import { FlottaError, makeId, type PublishRequest, type PublishResponse } from '@flotta/contract'
import type { ProjectRecord } from '../../ports/store.ts'
import { announceNetwork, type NodeContext } from '../node-context.ts'
import type { Principal } from '../principal.ts'
import { provenProject } from './admission.ts'

/** Replaces what a client offers, and attaches each table to the projects whose tokens its owner has given it. */
export async function publish(
  context: NodeContext,
  principal: Principal,
  { datasources }: PublishRequest,
): Promise<PublishResponse> {
  context.presence.heard(principal.id)
  refuseDuplicates(datasources.map(({ metadata }) => metadata.name))
  const unknownTokenIds = new Set<string>()
  const entries = []
  for (const { metadata, proofs } of datasources) {
    const projects: ProjectRecord[] = []
    for (const proof of proofs) {
      const project = await provenProject(context, principal, proof, 'attach')
      if (project === undefined || project.state === 'disabled') unknownTokenIds.add(proof.tokenId)
      else projects.push(project)
    }
    entries.push({ id: makeId('dat', randomBytes(26)), metadata, projectIds: projects.map(({ id }) => id) })
  }
  await context.store.datasources.replace(principal.id, entries)
  announceNetwork(context)
  return {
    attached: entries.map(({ metadata, projectIds }) => ({ datasource: metadata.name, projects: projectIds })),
    unknownTokenIds: [...unknownTokenIds],
  }
}

function refuseDuplicates(names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new FlottaError('malformed_request', `two data sources are named "${twice}"`)
}
