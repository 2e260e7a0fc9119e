import { type Artifact, FlottaError, type Issue, isNumericType, issuesText } from '@flotta/contract'
import type { DatasourceRecord } from '../ports/store.ts'
import { type FeatureUse, usedFeatures } from './used-features.ts'

/**
 * Makes sure, before anything runs, that every data source has what the plan names.
 *
 * Data sources whose owner reports them unreadable are passed over: their job fails with its own reason.
 *
 * @throws {FlottaError} `unknown_feature` naming feature and sites, `unsuitable_feature` where a numeric feature is needed
 */
export function checkFeatures(artifact: Artifact, datasources: readonly DatasourceRecord[]): void {
  const readable = datasources.filter(({ metadata }) => metadata.problem === null)
  const uses = usedFeatures(artifact)
  refuse(
    'unknown_feature',
    uses.flatMap((use) => lacking(use, readable)),
  )
  refuse(
    'unsuitable_feature',
    uses.flatMap((use) => unsuitable(use, readable)),
  )
}

function refuse(code: 'unknown_feature' | 'unsuitable_feature', issues: Issue[]): void {
  if (issues.length > 0) throw new FlottaError(code, issuesText(issues), { issues })
}

function lacking({ name, path }: FeatureUse, datasources: readonly DatasourceRecord[]): Issue[] {
  const without = datasources.filter(({ metadata }) => !metadata.features.some((feature) => feature.name === name))
  if (without.length === 0) return []
  const where = without.length === datasources.length ? 'no data source has it' : `not at ${sites(without)}`
  return [{ path, message: `there is no feature "${name}": ${where}` }]
}

function unsuitable({ name, path, numeric }: FeatureUse, datasources: readonly DatasourceRecord[]): Issue[] {
  if (!numeric) return []
  const textual = datasources.filter(({ metadata }) =>
    metadata.features.some((feature) => feature.name === name && !isNumericType(feature.type)),
  )
  return textual.length === 0 ? [] : [{ path, message: `"${name}" is not numeric at ${sites(textual)}` }]
}

function sites(datasources: readonly DatasourceRecord[]): string {
  return datasources.map(({ component, metadata }) => `${component.name}/${metadata.name}`).join(', ')
}
