import { z } from 'zod'

export const featureTypes = ['integer', 'float', 'boolean', 'categorical', 'string', 'date', 'timestamp'] as const
export const featureTypeSchema = z.enum(featureTypes).meta({ id: 'FeatureType' })
export type FeatureType = (typeof featureTypes)[number]

/** What a column of a table is; that text is categorical is said of it where it is published. */
export type ColumnType = Exclude<FeatureType, 'categorical'>

/** What a query computes with where a feature of this type is published. */
export function columnTypeOf(type: FeatureType): ColumnType {
  return type === 'categorical' ? 'string' : type
}

/** A feature as a table has it, or as a query makes it. */
export interface TypedFeature {
  readonly name: string
  readonly type: ColumnType
}

/** Whether a feature can enter a computation as numbers. */
export function isNumericType(type: FeatureType): boolean {
  return type === 'integer' || type === 'float' || type === 'boolean'
}
