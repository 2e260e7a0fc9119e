import type { ColumnTransformer, FederatedPipeline, Model, Stage, Step } from '@flotta/contract'
import type { Expression } from './expression.ts'
import { FederatedSplitter, Filter, Query, Select } from './query.ts'
import { fittingSteps, trainingSteps } from './training-steps.ts'

/** What to train, on which records, and how they are prepared. */
export interface TrainingPlan {
  readonly model: Model
  /** The feature that the model learns to predict. */
  readonly label: string
  /** What it learns from; every numeric feature, and every one that a transformer names, unless told. */
  readonly features?: readonly string[]
  /** Which records count; all unless told. */
  readonly where?: Expression
  /** How the features are prepared, in order. */
  readonly prepare?: readonly (ColumnTransformer | FederatedPipeline)[]
  /** How records are divided into training and test; a quarter for the test unless told. */
  readonly splitter?: Stage
}

/** The steps that a plan stands for; `project.train` submits them. */
export function stepsOf({ model, label, ...plan }: TrainingPlan): Step[] {
  return trainingSteps({ model, label, query: queryOf({ label, ...plan }) })
}

/** Transformers to be fitted over the federation without a model. */
export type FittingPlan = Omit<TrainingPlan, 'model'> & Required<Pick<TrainingPlan, 'features' | 'prepare'>>

/** The steps that a plan stands for; `project.fit` submits them. */
export function fittingStepsOf({ label, ...plan }: FittingPlan): Step[] {
  return fittingSteps({ label, query: queryOf({ label, ...plan }) })
}

function queryOf({ label, features, where, prepare = [], splitter }: Omit<TrainingPlan, 'model'>) {
  return Query([
    ...(where ? [Filter(where)] : []),
    ...(features ? [Select([...features, label])] : []),
    ...prepare,
    splitter ?? FederatedSplitter(),
  ])
}
