import type { Category } from '../labels/category.ts'

/** Where a transformer is fitted: over all sites, or at each site by itself. Only training records are looked at. */
export interface Fitting {
  readonly fit: 'federated' | 'local'
}

/** The columns that a transformer works on; left out, all that it can work on. */
export interface OnFeatures {
  readonly features?: readonly string[] | undefined
}

export interface StandardScaler extends Fitting, OnFeatures {
  readonly kind: 'FederatedStandardScaler'
  readonly withMean: boolean
  readonly withStd: boolean
}

export interface MinMaxScaler extends Fitting, OnFeatures {
  readonly kind: 'FederatedMinMaxScaler'
  readonly featureRange: readonly [number, number]
  readonly clip: boolean
}

export interface RobustScaler extends Fitting, OnFeatures {
  readonly kind: 'FederatedRobustScaler'
  /** In percent. */
  readonly quantileRange: readonly [number, number]
  readonly withCentering: boolean
  readonly withScaling: boolean
  /** Whether normally distributed values come to have a variance of 1. */
  readonly unitVariance: boolean
}

export interface Clamp extends OnFeatures {
  readonly kind: 'FederatedClamp'
  readonly lower: number | null
  readonly upper: number | null
}

export interface Binarizer extends OnFeatures {
  readonly kind: 'FederatedBinarizer'
  readonly threshold: number
}

export interface KBinsDiscretizer extends Fitting, OnFeatures {
  readonly kind: 'FederatedKBinsDiscretizer'
  /** One number, or one for each of `features`. */
  readonly nBins: number | readonly number[]
  readonly strategy: 'uniform' | 'quantile' | 'kmeans'
  readonly encode: 'ordinal' | 'onehot'
}

export interface SimpleImputer extends Fitting, OnFeatures {
  readonly kind: 'FederatedSimpleImputer'
  readonly strategy: 'mean' | 'median' | 'most_frequent' | 'constant'
  /** With `constant`; null is 0. */
  readonly fillValue: number | string | null
  /** A value that stands for none, beside cells without one. */
  readonly missingValues: number | string | null
  /** Whether a column beside says where a value was missing. */
  readonly addIndicator: boolean
  /** Whether a column of which no site has enough values becomes 0, and does not stop the fit. */
  readonly keepEmptyFeatures: boolean
}

export interface Encoder extends Fitting, OnFeatures {
  /** The categories of each feature, in the order of `features`; left out, those that occur. */
  readonly categories?: readonly (readonly (string | number)[])[] | undefined
}

/** Which categories share the place of infrequent ones: those below `minFrequency`, or beyond the most frequent `maxCategories`. */
export interface Rarity {
  /** Below 1 a share of the records, else a number of them. */
  readonly minFrequency: number | null
  /** Most places of a feature, the one of infrequent categories included. */
  readonly maxCategories: number | null
}

export interface OneHotEncoder extends Encoder, Rarity {
  readonly kind: 'FederatedOneHotEncoder'
  readonly handleUnknown: 'error' | 'ignore' | 'infrequent_if_exist'
  /** A column that is left out: of the first category, or of this one of each of `features`. */
  readonly drop: 'first' | 'if_binary' | readonly (string | number)[] | null
}

export interface OrdinalEncoder extends Encoder, Rarity {
  readonly kind: 'FederatedOrdinalEncoder'
  readonly handleUnknown: 'error' | 'use_encoded_value'
  /** With `use_encoded_value`; null is missing. */
  readonly unknownValue: number | null
  /** Code of a missing value; null keeps it missing. */
  readonly encodedMissingValue: number | null
}

export interface LabelBinarizer extends Encoder {
  readonly kind: 'FederatedLabelBinarizer'
  readonly negLabel: number
  readonly posLabel: number
}

/** One way to prepare columns, each by itself, before a model learns from them; names, meanings and defaults are scikit-learn's. */
export type Transformer =
  | StandardScaler
  | MinMaxScaler
  | RobustScaler
  | Clamp
  | Binarizer
  | KBinsDiscretizer
  | SimpleImputer
  | OneHotEncoder
  | OrdinalEncoder
  | LabelBinarizer

export type TransformerKind = Transformer['kind']

/** What a list that goes with `features` has for one of them. */
export function ofFeature<T>(list: readonly T[] | undefined, { features }: OnFeatures, feature: string): T | undefined {
  return list?.[features?.indexOf(feature) ?? -1]
}

/** The categories that an encoder declares for one of its features. */
export function declaredCategories(encoder: Encoder, feature: string): readonly Category[] | undefined {
  return ofFeature(encoder.categories, encoder, feature)
}
