import {
  Aggregation,
  Collect,
  encodeModel,
  FederatedRandomForestClassifier,
  FederatedSplitter,
  Finalize,
  Parallel,
  Query,
  type Run,
  Select,
  type Step,
  TrainTest,
} from '@flotta/client-sdk'

interface ForestOptions {
  readonly nEstimators: number
  /** Of the forest. */
  readonly randomState?: number
  readonly splitter?: ReturnType<typeof FederatedSplitter>
}

/** A forest over a made-up table at each site, which the node merges. */
export function forestSteps({ nEstimators, randomState = 1, splitter = FederatedSplitter() }: ForestOptions): Step[] {
  const query = Query([Select(['age', 'weight', 'outcome']), splitter])
  const model = FederatedRandomForestClassifier({ nEstimators, randomState })
  return [Parallel(TrainTest({ model, label: 'outcome', query }), Collect()), Finalize(Aggregation({ strategy: 'merge' }))]
}

/** The merged forest as text: the same where every tree is. */
export async function forestOf(run: Run): Promise<string> {
  const { model } = await run.resultOf('RandomForestClassifier')
  return Buffer.from(encodeModel(model)).toString('base64')
}
