import type { Category } from '../../labels/category.ts'

/**
 * What a fitted transformer does to one column: a closed set, as plain JSON. Whatever was fitted, at the site or over the
 * federation, becomes these; one interpreter applies them to training, test and later data.
 */
export type Expression = Blank | Mark | Impute | Scale | Clamp | Binarize | Bin | Encode | Indicate

/** A cell of this value becomes a missing one. */
export interface Blank {
  readonly op: 'blank'
  readonly feature: string
  readonly value: number | string
}

/** A further column of this name, after all others: 1 where the feature's value is missing, else 0. */
export interface Mark {
  readonly op: 'mark'
  readonly feature: string
  readonly name: string
}

/** A missing value becomes this one. */
export interface Impute {
  readonly op: 'impute'
  readonly feature: string
  readonly value: number | string
}

/** (x - center) / scale + offset, and then within [lower, upper] where they are told. */
export interface Scale {
  readonly op: 'scale'
  readonly feature: string
  readonly center: number
  readonly scale: number
  readonly offset: number
  readonly lower: number | null
  readonly upper: number | null
}

/** x, but not below `lower` and not above `upper`. */
export interface Clamp {
  readonly op: 'clamp'
  readonly feature: string
  readonly lower: number | null
  readonly upper: number | null
}

/** 1 where x > threshold, else 0. */
export interface Binarize {
  readonly op: 'binarize'
  readonly feature: string
  readonly threshold: number
}

/** How many of the ascending edges are ≤ x. */
export interface Bin {
  readonly op: 'bin'
  readonly feature: string
  readonly edges: readonly number[]
}

/**
 * Which other values share a place after those of the categories: none, all of them, or these categories alone. Over the federation it
 * is all of them where a site has categories that it does not name.
 */
export type Infrequent = boolean | readonly Category[]

/** The place of the value among the categories, or the place after the last for what is infrequent. */
export interface Encode {
  readonly op: 'encode'
  readonly feature: string
  readonly categories: readonly Category[]
  readonly infrequent: Infrequent
  readonly unknown: 'error' | 'missing' | number
  /** Code of a missing value; null keeps it missing. */
  readonly missing: number | null
}

/**
 * One column for each category, `on` where the value is it and `off` elsewhere, in the place of the feature; with `infrequent` one
 * more for what is that.
 */
export interface Indicate {
  readonly op: 'indicate'
  readonly feature: string
  readonly categories: readonly Category[]
  readonly infrequent: Infrequent
  /** Of the new columns, in order: one for each category, and one more with `infrequent`. */
  readonly names: readonly string[]
  /** Place of a column that is left out. */
  readonly dropped: number | null
  readonly unknown: 'error' | 'ignore'
  readonly on: number
  readonly off: number
}
