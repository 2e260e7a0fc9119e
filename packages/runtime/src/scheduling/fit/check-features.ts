import { type Artifact, commonType, FlottaError, type Issue, issuesText, type TypingProblem } from '@flotta/contract'
import type { DatasourceRecord } from '../../ports/store.ts'
import { type FittedUse, siteFit } from './site-fit.ts'

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

/** The name of a table for people: who holds it, and what he calls it. */
export function siteName({ component, metadata }: Pick<DatasourceRecord, 'component' | 'metadata'>): string {
  return `${component.name}/${metadata.name}`
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

/** Features that are of different types at the sites, beyond what can be reconciled: numbers with numbers, dates with times. */
function differences(uses: readonly { readonly site: string; readonly use: FittedUse }[]): TypingProblem[] {
  return groupBy(uses, ({ use }) => JSON.stringify([use.path, use.name])).flatMap((same) => {
    const { name, path, numeric } = same[0]!.use
    const types = [...new Set(same.map(({ use }) => use.type))]
    if (numeric || commonType(types) !== undefined) return []
    const where = types.map(
      (type) =>
        `${type} at ${same
          .filter(({ use }) => use.type === type)
          .map(({ site }) => site)
          .join(', ')}`,
    )
    return [{ code: 'unsuitable_feature' as const, path, message: `"${name}" is not the same everywhere: ${where.join('; ')}` }]
  })
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>()
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item])
  return [...groups.values()]
}
