import {
  encodeLabels,
  evaluate,
  FederatedRandomForestClassifier,
  FederatedSplitter,
  feature,
  fitRandomForestClassifier,
  type LocalTable,
  type Project,
} from '@flotta/client-sdk'
import type { Check } from './check.ts'
import { meanOf } from './pooled-table.ts'

const TREES = 50
/** What is exact but for the order in which floating-point numbers are added. */
const RELATIVE = 1e-9
/** A forest of the sites' own trees is another one than that of all records at once, and as good. */
const FOREST_TOLERANCE = 0.05

export interface Tables {
  /** Those of all sites as one. */
  readonly pooled: LocalTable
  /** Records that no site holds. */
  readonly validation: LocalTable
}

/** Asks a network for counts, means and a forest, beside what the pooled table says. */
export async function runScenario(project: Project, tables: Tables, label: string): Promise<Check[]> {
  const numeric = project.features.filter(({ name, mean }) => mean !== null && name !== label).map(({ name }) => name)
  return [
    ...(await counts(project, tables.pooled, numeric)),
    ...(await means(project, tables.pooled, numeric)),
    await forest(project, tables, label),
  ]
}

async function counts(project: Project, pooled: LocalTable, [name]: readonly string[]): Promise<Check[]> {
  const all = await project.count()
  const checks = [{ what: 'records', federated: all.count, pooled: pooled.rowCount, tolerance: 0 }]
  if (name === undefined) return checks
  const threshold = Math.round(meanOf(pooled, name))
  const few = await project.count({ where: feature(name).le(threshold) })
  const here = pooled.numbers(name).filter((value) => value <= threshold).length
  return [...checks, { what: `records with ${name} ≤ ${threshold}`, federated: few.count, pooled: here, tolerance: 0 }]
}

async function means(project: Project, pooled: LocalTable, names: readonly string[]): Promise<Check[]> {
  const result = await project.mean(names)
  return result.means.map(({ name, mean }) => {
    const here = meanOf(pooled, name)
    return { what: `mean of ${name}`, federated: mean ?? Number.NaN, pooled: here, tolerance: Math.abs(here) * RELATIVE }
  })
}

async function forest(project: Project, { pooled, validation }: Tables, label: string): Promise<Check> {
  const inputs = project.features
    .filter(({ name, mean, missing }) => mean !== null && missing === 0 && name !== label)
    .map(({ name }) => name)
  const params = { nEstimators: TREES, randomState: 42 }
  const run = await project.train({
    model: FederatedRandomForestClassifier(params),
    label,
    features: inputs,
    splitter: FederatedSplitter({ testSize: 0.1, randomState: 42 }),
  })
  const { model } = await run.resultOf('RandomForestClassifier')
  const here = fitRandomForestClassifier({ features: pooled.frame(inputs), labels: encodeLabels(pooled.labels(label)), params })
  return {
    what: `ROC AUC of a forest for ${label}`,
    federated: evaluate(model, validation, label).rocAuc ?? Number.NaN,
    pooled: evaluate(here, validation, label).rocAuc ?? Number.NaN,
    tolerance: FOREST_TOLERANCE,
  }
}
