import { setTimeout as after } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { createRandom } from '@flotta/algorithms'
import {
  Aggregation,
  Arrange,
  Collect,
  Converged,
  Count,
  Describe,
  DirectToNext,
  Distribute,
  Estimate,
  FederatedRandomForestClassifier,
  FederatedSplitter,
  Finalize,
  Iterate,
  Mean,
  Parallel,
  Pass,
  type Project,
  Query,
  type Result,
  RoundRobin,
  type Run,
  Select,
  Sequential,
  type Step,
  TrainTest,
} from '@flotta/client-sdk'

/** How many artifacts are under way at a time. */
const AT_ONCE = 5
/** How long the answer to a submission is waited for; what the node has stored by then ends, though nobody waits for it. */
const SUBMIT_MS = 3000

const counted = [
  Parallel(Estimate({ estimator: Count(), query: Query([]) }), Collect()),
  Finalize(Aggregation({ strategy: 'merge' })),
]
const mean = Estimate({ estimator: Mean({ features: ['age', 'weight'] }), query: Query([]) })
const merge = Finalize(Aggregation({ strategy: 'merge' }))
const forest = TrainTest({
  model: FederatedRandomForestClassifier({ nEstimators: 10, randomState: 1 }),
  label: 'outcome',
  query: Query([Select(['age', 'weight', 'outcome']), FederatedSplitter()]),
})

/** Plans of every kind, each of which has one result. */
export const plans: Readonly<Record<string, readonly Step[]>> = {
  count: counted,
  describe: [Parallel(Estimate({ estimator: Describe({ features: ['age', 'weight'] }), query: Query([]) }), Collect()), merge],
  forest: [Parallel(forest, Collect()), merge],
  'rounds that converge': [Iterate(4, [Parallel(mean, Collect()), merge], { until: Converged(1e-6) })],
  'rounds within rounds': [
    ...counted,
    Iterate(2, [Iterate(2, [Parallel(Pass(), Arrange())], { distribution: Collect() }), Finalize(Pass())]),
  ],
  sequential: [...counted, Sequential(Pass()), Finalize(Pass())],
  ring: [...counted, RoundRobin(Pass()), Finalize(Pass())],
  'every way': [
    ...counted,
    Parallel(Pass(), Arrange()),
    Parallel(Pass(), DirectToNext()),
    Parallel(Pass(), Distribute()),
    Parallel(Pass(), Collect()),
    Finalize(Pass()),
  ],
}

export type Results = ReadonlyMap<string, Result>

/** What each plan gives where nothing goes wrong. */
export async function calmResults(project: Project): Promise<Results> {
  const results = new Map<string, Result>()
  for (const [name, steps] of Object.entries(plans)) results.set(name, await (await project.submit(steps)).result())
  return results
}

/** An artifact whose submission was acknowledged. */
export interface Acknowledged {
  readonly plan: string
  readonly run: Run
}

/**
 * Submits plans in an order of the seed's, some at a time, until it is told to stop; answers those that were acknowledged.
 *
 * @param onAcknowledged is called for each of them
 */
export async function submitUntil(
  project: Project,
  seed: number,
  stop: AbortSignal,
  onAcknowledged: () => void,
): Promise<Acknowledged[]> {
  const random = createRandom(seed)
  const names = Object.keys(plans)
  const acknowledged: Acknowledged[] = []
  const waiting = new Set<Promise<unknown>>()
  while (!stop.aborted) {
    const plan = names[random.below(names.length)]!
    const run = await project.submit(plans[plan]!, { signal: AbortSignal.timeout(SUBMIT_MS) }).catch(() => undefined)
    if (run === undefined) {
      await after(100)
      continue
    }
    acknowledged.push({ plan, run })
    onAcknowledged()
    // A wait that breaks is taken up when all is calm again.
    const ended: Promise<unknown> = run
      .result({ signal: stop })
      .catch(() => undefined)
      .finally(() => waiting.delete(ended))
    waiting.add(ended)
    if (waiting.size >= AT_ONCE) await Promise.race(waiting)
  }
  return acknowledged
}

/** What is wrong with the ends of these artifacts: each has to come, within the time, with the result of the calm run. */
export async function wrongResults(acknowledged: readonly Acknowledged[], calm: Results, timeoutMs: number): Promise<string[]> {
  const deadline = AbortSignal.timeout(timeoutMs)
  const found = await Promise.all(
    acknowledged.map(async ({ plan, run }) => {
      try {
        const result = await run.result({ signal: deadline })
        return isDeepStrictEqual(result, calm.get(plan)) ? [] : [`${plan} ${run.id} has another result than in the calm`]
      } catch (error) {
        return [`${plan} ${run.id} has no result: ${(error as Error).message}`]
      }
    }),
  )
  return found.flat()
}
