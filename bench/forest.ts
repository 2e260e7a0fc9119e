/** The forest against scikit-learn's, one processor each, taking turns within one run. */
import { execFile } from 'node:child_process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { evaluateForest, fitRandomForestClassifier, predictProba } from '@flotta/algorithms'
import { loadForestData } from './forest-data.ts'
import { startSklearn } from './forest-sklearn.ts'
import { median } from './statistics.ts'

export interface ForestBench {
  readonly data: string
  /** Medians, in milliseconds. */
  readonly fitMs: number
  readonly predictMs: number
  readonly sklearn: { readonly fitMs: number; readonly predictMs: number } | null
  /** How many times as fast as scikit-learn. */
  readonly ratios: { readonly fit: number; readonly predict: number } | null
  /** Mean ROC AUC over the seeds. */
  readonly auc: { readonly seeds: number; readonly flotta: number; readonly sklearn: number | null }
}

const TREES = 100
const WARM_UP_RUNS = 3

/** Times training and predicting with 100 trees, and compares ROC AUC over 20 seeds; `quick` takes 5. */
export async function forestBench({ quick = false }: { readonly quick?: boolean } = {}): Promise<ForestBench> {
  const { name, train, test } = loadForestData()
  const peer = await startSklearn({ name, train, test })
  const ours: Timings = { fit: [], predict: [], auc: [] }
  const theirs: Timings = { fit: [], predict: [], auc: [] }
  const runOurs = (seed: number): void => {
    const fit = timed(() => fitRandomForestClassifier({ ...train, params: { nEstimators: TREES, randomState: seed } }))
    ours.fit.push(fit.ms)
    ours.predict.push(timed(() => predictProba(fit.value, test.features)).ms)
    ours.auc.push(evaluateForest(fit.value, test.features, test.labels).rocAuc ?? Number.NaN)
  }
  for (let run = 0; run < WARM_UP_RUNS; run++) runOurs(run)
  for (const timings of Object.values(ours)) timings.length = 0
  const seeds = quick ? 5 : 20
  for (let seed = 0; seed < seeds; seed++) {
    runOurs(seed)
    if (peer === null) continue
    theirs.fit.push(await peer.fit(TREES, seed))
    const { ms, rocAuc } = await peer.predict()
    theirs.predict.push(ms)
    theirs.auc.push(rocAuc)
  }
  peer?.stop()
  const [fitMs, predictMs] = [median(ours.fit), median(ours.predict)]
  const sklearn = peer === null ? null : { fitMs: median(theirs.fit), predictMs: median(theirs.predict) }
  return {
    data: name,
    fitMs,
    predictMs,
    sklearn,
    ratios: sklearn === null ? null : { fit: sklearn.fitMs / fitMs, predict: sklearn.predictMs / predictMs },
    auc: { seeds, flotta: mean(ours.auc), sklearn: sklearn === null ? null : mean(theirs.auc) },
  }
}

/** The same where nothing else was compiled or kept before, as in a workbench. */
export async function forestInItsOwnProcess({ quick }: { readonly quick: boolean }): Promise<ForestBench> {
  const script = fileURLToPath(import.meta.url)
  const program = ['--import', 'tsx', script, ...(quick ? ['--quick'] : [])]
  const { stdout } = await promisify(execFile)(process.execPath, program)
  return JSON.parse(stdout) as ForestBench
}

interface Timings {
  readonly fit: number[]
  readonly predict: number[]
  readonly auc: number[]
}

function timed<Value>(work: () => Value): { value: Value; ms: number } {
  const start = performance.now()
  const value = work()
  return { value, ms: performance.now() - start }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  console.log(JSON.stringify(await forestBench({ quick: process.argv.includes('--quick') }), null, 2))
}
