import { z } from 'zod'

export const featureTypes = ['integer', 'float', 'boolean', 'categorical', 'string', 'date', 'timestamp', 'null'] as const
export const featureTypeSchema = z.enum(featureTypes).meta({
  id: 'FeatureType',
  description: 'null: no record has a value, and the owner has declared no type; it is taken as whatever it is elsewhere.',
})
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

/** Whether the values of a feature are numbers, or it has none: where numbers are needed, it adds none. */
export function hasNumbersAtMost(type: FeatureType): boolean {
  return isNumericType(type) || type === 'null'
}

/** Whether a feature can enter a computation as numbers. */
export function isNumericType(type: FeatureType): boolean {
  return type === 'integer' || type === 'float' || type === 'boolean'
}
