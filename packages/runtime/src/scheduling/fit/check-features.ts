import { type Artifact, FlottaError, type Issue, issuesText, type TypingProblem } from '@flotta/contract'
import type { DatasourceRecord } from '../../ports/store.ts'
import { differences } from './differences.ts'
import { groupBy } from './group-by.ts'
import { siteFit } from './site-fit.ts'
import { siteName } from './site-name.ts'

/** The codes of what can be wrong, the one to be told first at the front. */
const precedence = ['invalid_artifact', 'unknown_feature', 'unsuitable_feature'] as const

/**
 * Makes sure, before anything runs, that a plan can work over every data source, and over all of them together.
 *
 * Data sources whose owner reports them unreadable are passed over: their job fails with its own reason.
 *
 * @throws {FlottaError} `invalid_artifact`, `unknown_feature`, `unsuitable_feature`, naming feature and sites
 */
export function checkFeatures(artifact: Artifact, datasources: readonly DatasourceRecord[]): void {
  const readable = datasources.filter(({ metadata }) => metadata.problem === null)
  const fits = readable.map((datasource) => ({ site: siteName(datasource), ...siteFit(artifact, datasource.metadata.features) }))
  const problems = [
    ...together(
      fits.flatMap(({ site, problems }) => problems.map((problem) => ({ site, problem }))),
      readable.length,
    ),
    ...differences(fits.flatMap(({ site, uses }) => uses.map((use) => ({ site, use })))),
  ]
  for (const code of precedence) {
    const issues = problems.filter((problem) => problem.code === code).map(({ path, message }): Issue => ({ path, message }))
    if (issues.length > 0) throw new FlottaError(code, issuesText(issues), { issues })
  }
}

/** The same problem at several sites as one that names them. */
function together(found: readonly { readonly site: string; readonly problem: TypingProblem }[], sites: number): TypingProblem[] {
  const byProblem = groupBy(found, ({ problem }) => JSON.stringify([problem.code, problem.path, problem.message]))
  return byProblem.map((same) => {
    const where = [...new Set(same.map(({ site }) => site))]
    const { problem } = same[0]!
    return { ...problem, message: `${problem.message} (at ${where.length === sites ? 'every data source' : where.join(', ')})` }
  })
}
