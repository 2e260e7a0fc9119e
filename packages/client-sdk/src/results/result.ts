import type { RandomForestClassifier } from '@flotta/algorithms'

/** Number of records, and how many sites it rests on. */
export interface CountResult {
  readonly kind: 'Count'
  readonly count: number
  readonly sites: number
}

/** Mean of each feature; `count` are the records with a value, `missing` those without. `mean` is null where no record has a value. */
export interface MeanResult {
  readonly kind: 'Mean'
  readonly means: readonly {
    readonly name: string
    readonly mean: number | null
    readonly count: number
    readonly missing: number
  }[]
  readonly sites: number
}

/** A trained model, ready to predict in this process. */
export interface ModelResult {
  readonly kind: 'RandomForestClassifier'
  readonly model: RandomForestClassifier
}

/** What a plan produces that computes nothing. */
export interface EmptyResult {
  readonly kind: 'Empty'
}

export type Result = CountResult | MeanResult | ModelResult | EmptyResult
