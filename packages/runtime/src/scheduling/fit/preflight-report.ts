import {
  type Artifact,
  type ComponentId,
  type Issue,
  type PreflightReport,
  type TypingProblem,
  unsupportedParts,
} from '@flotta/contract'
import type { DatasourceRecord } from '../../ports/store.ts'
import { planProblems } from '../plan-problems.ts'
import { secureSumsOfTooFew, unreachableQuorums } from '../quorum.ts'
import { differences, reconciled } from './differences.ts'
import { missingCellNotes } from './missing-cells.ts'
import { siteFit } from './site-fit.ts'
import { siteName } from './site-name.ts'

/**
 * How a plan fits a project, table by table, without running anything.
 *
 * Each site answers by what it has published. That a table is unreadable or its client away is said and, since it may pass, is no
 * problem of the plan.
 */
export function preflightReport(
  artifact: Artifact,
  datasources: readonly DatasourceRecord[],
  isHere: (client: ComponentId) => boolean,
): PreflightReport {
  const fits = datasources.map((datasource) => ({
    datasource,
    fit: datasource.metadata.problem === null ? siteFit(artifact, datasource.metadata.features) : { problems: [], uses: [] },
  }))
  const uses = fits.flatMap(({ datasource, fit }) => fit.uses.map((use) => ({ site: siteName(datasource), use })))
  const problems = [...ofPlan(artifact, datasources), ...differences(uses).map(issueOf)]
  const notes = [...reconciled(uses), ...missingCellNotes(datasources)].map(issueOf)
  const sites = fits.map(({ datasource: { component, metadata }, fit }) => ({
    component: { id: component.id, name: component.name },
    datasource: metadata.name,
    here: isHere(component.id),
    unreadable: metadata.problem,
    problems: fit.problems.map(issueOf),
  }))
  return {
    fits: problems.length === 0 && sites.every((site) => site.problems.length === 0 && site.unreadable === null),
    problems,
    notes,
    sites,
  }
}

function ofPlan(artifact: Artifact, datasources: readonly DatasourceRecord[]): Issue[] {
  const unsupported = unsupportedParts(artifact)
  const workers = new Set(datasources.map(({ component }) => component.id)).size
  const nobody = datasources.length === 0 ? [{ path: 'project', message: 'no data holder offers data to this project' }] : []
  if (unsupported.length > 0) return [...unsupported, ...nobody]
  const tooFew = [...unreachableQuorums(artifact, workers), ...secureSumsOfTooFew(artifact, workers)]
  return [...planProblems(artifact), ...(workers === 0 ? nobody : tooFew)]
}

function issueOf({ path, message }: TypingProblem | Issue): Issue {
  return { path, message: message.slice(0, 500) }
}
