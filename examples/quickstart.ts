/**
 * A researcher's program: a count, a mean and a random forest over tables that never leave their sites.
 *
 * `npm run quickstart` starts a node and the data holders' clients and then runs this file. To use it on a network of your own, set
 * FLOTTA_URL, FLOTTA_TOKEN, LABEL and VALIDATION (a CSV file of your own, that no site holds), and leave SITES away.
 */
import {
  Aggregation,
  type ClassificationMetrics,
  Collect,
  connect,
  encodeLabels,
  evaluate,
  FederatedRandomForestClassifier,
  FederatedSplitter,
  Finalize,
  feature,
  fitRandomForestClassifier,
  type LocalTable,
  type Metrics,
  Parallel,
  Query,
  type Run,
  readCsv,
  Select,
  TrainTest,
} from '@flotta/client-sdk'

const {
  FLOTTA_URL = 'http://localhost:1456',
  FLOTTA_TOKEN = '',
  LABEL = '',
  VALIDATION = '',
  TREES = '50',
  SITES = '',
  JSON_REPORT,
} = process.env
const label = LABEL
const trees = Number(TREES)
const say = (text = '') => (JSON_REPORT ? process.stderr : process.stdout).write(`${text}\n`)

// ── The project ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────
await using workbench = await connect(FLOTTA_URL, process.env.FLOTTA_FOLDER ? { folder: process.env.FLOTTA_FOLDER } : {})
const project = await workbench.project(FLOTTA_TOKEN)
const numeric = project.features.filter(({ mean }) => mean !== null)
const inputs = numeric.map(({ name }) => name).filter((name) => name !== label)

say(`Project "${project.name}" at ${workbench.nodeName}: ${project.records} records at ${project.clients.length} clients`)
for (const { name, types, missing } of project.features)
  say(`  ${name.padEnd(20)} ${types.join('/').padEnd(12)} ${missing} missing`)

// ── A filtered count, and the means ─────────────────────────────────────────────────────────────────────────────────────────────
const [first] = numeric.filter(({ name }) => name !== label)
if (first?.mean == null) throw new Error('the project has no numeric feature besides the label')
const threshold = Number((first.mean + (first.std ?? 0)).toPrecision(3))
const { count } = await project.count({ where: feature(first.name).le(threshold) })
say(`\nRecords with ${first.name} ≤ ${threshold}: ${count}`)

const { means } = await project.mean(inputs)
say(`Means over all sites: ${means.map(({ name, mean }) => `${name} ${mean === null ? '–' : mean.toPrecision(5)}`).join(', ')}`)

// ── A random forest: trained and tested at each site, united at the node ────────────────────────────────────────────────────────
const forest = FederatedRandomForestClassifier({ nEstimators: trees, randomState: 42 })
// A tenth of each site's records for its own test, and more where that would be too few for a site to tell.
const smallest = Math.min(...project.datasources.map(({ metadata }) => metadata.records ?? 0))
const testSize = Math.min(0.5, Math.max(0.1, 15 / smallest))
const query = Query([Select([...inputs, label]), FederatedSplitter({ testSize, randomState: 42 })])
const run = await project.submit(
  [Parallel(TrainTest({ model: forest, label, query }), Collect()), Finalize(Aggregation({ strategy: 'merge' }))],
  { label: 'forest' },
)

say(`\nTraining ${trees} trees at each site (artifact ${run.id}):`)
for await (const { job, artifactStatus } of run) {
  say(job ? `  ${job.operation.padEnd(12)} ${job.component.name.padEnd(16)} ${job.status}` : `  artifact ${artifactStatus}`)
}
const { model } = await run.resultOf('RandomForestClassifier')

// ── How good is it? On records that no site holds ───────────────────────────────────────────────────────────────────────────────
const validation = readCsv(VALIDATION)
const merged = evaluate(model, validation, label)
const siteMetrics = (await run.siteMetrics()).sort((a, b) => a.component.name.localeCompare(b.component.name))

type Scores = Pick<Metrics | ClassificationMetrics, 'accuracy' | 'f1' | 'rocAuc'>
const row = (title: string, { accuracy, f1, rocAuc }: Scores) =>
  say(
    `  ${title.padEnd(56)} ${[accuracy, f1, rocAuc].map((score) => (score === null ? '–' : score.toFixed(4)).padStart(9)).join(' ')}`,
  )

say(`\n  ${''.padEnd(56)} ${['accuracy', 'F1', 'ROC AUC'].map((head) => head.padStart(9)).join(' ')}`)
for (const { component, metrics } of siteMetrics) if (metrics) row(`${component.name}: its own test, as it reports`, metrics)
row(`merged model of ${model.treeWeights.length} trees, on the validation rows`, merged)

// ── For comparison only: the quickstart holds all the files, a researcher never does ────────────────────────────────────────────
const sites = SITES.split(/\n/)
  .filter(Boolean)
  .map((line) => line.split('\t') as [name: string, file: string])
const tables = new Map(sites.map(([name, file]) => [name, readCsv(file)]))
const alone = new Map([...tables].map(([name, table]) => [name, trainAlone(table)]))
for (const [name, metrics] of alone) row(`${name} alone, on the validation rows`, metrics)

say(`
What the node saw: the names and types of the columns, how many records and missing values each site has, means, standard
deviations and coarse quartiles, and each site's trees and test scores, which it united. What it did not see: any record, any
minimum or maximum, and where the sites are: they called, nobody called them. What travelled between any two was signed and sealed.`)

if (JSON_REPORT) process.stdout.write(`${JSON.stringify(await report())}\n`)

/** What a site would have got without the others: the same forest, trained on its own file. */
function trainAlone(table: LocalTable): ClassificationMetrics {
  const labelled = table.withValues(label)
  const own = fitRandomForestClassifier({
    features: labelled.frame(inputs),
    labels: encodeLabels(labelled.labels(label)),
    params: { nEstimators: trees, randomState: 42 },
  })
  return evaluate(own, validation, label)
}

async function report() {
  return {
    records: project.records,
    clients: project.clients.length,
    features: project.features.map(({ name }) => name),
    count: { federated: count, pooled: pooledCount() },
    mean: {
      federated: Object.fromEntries(means.map(({ name, mean }) => [name, mean])),
      pooled: Object.fromEntries(inputs.map((name) => [name, pooledMean(name)])),
    },
    model: { trees: model.treeWeights.length, accuracy: merged.accuracy, f1: merged.f1, rocAuc: merged.rocAuc },
    sites: siteMetrics.map(({ component, metrics }) => ({
      id: component.name,
      records: metrics?.records,
      accuracy: metrics?.accuracy,
      rocAuc: metrics?.rocAuc,
      alone: { accuracy: alone.get(component.name)?.accuracy, rocAuc: alone.get(component.name)?.rocAuc },
    })),
    artifacts: await Promise.all(project.runs.map(describeRun)),
  }
}

async function describeRun(artifact: Run) {
  const { id, label: kind, status, jobs, createdAtMs, endedAtMs } = await artifact.status()
  return { id, kind, status, jobs: jobs.length, durationMs: (endedAtMs ?? Date.now()) - createdAtMs }
}

function pooledValues(name: string): number[] {
  return [...tables.values()].flatMap((table) => [...table.numbers(name)]).filter((value) => !Number.isNaN(value))
}

function pooledCount(): number {
  return pooledValues(first?.name ?? '').filter((value) => value <= threshold).length
}

function pooledMean(name: string): number {
  const values = pooledValues(name)
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
