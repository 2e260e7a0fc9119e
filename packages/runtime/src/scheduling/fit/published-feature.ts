import type { Feature } from '@flotta/contract'

/** What of a published feature a plan can be checked by. */
export type PublishedFeature = Pick<Feature, 'name' | 'type' | 'unit' | 'levels' | 'mean' | 'categories'>
