import { z } from 'zod'
import { jobFailureSchema } from '../errors/failure.ts'
import { projectIdSchema } from '../ids.ts'
import { featureNameSchema } from '../query/feature-name.ts'
import { featureTypeSchema } from '../query/feature-type.ts'
import { tokenProofSchema } from './component.ts'

/** How much a data holder tells of a table before any job: names and types, a summary, or all that is no person's. */
export const publishModes = ['full', 'summary', 'schema'] as const
export const publishModeSchema = z.enum(publishModes).meta({ id: 'PublishMode' })
export type PublishMode = (typeof publishModes)[number]

/** Cells of a text file that mean that there is no value, where its owner names no others. */
export const defaultMissing: readonly string[] = ['', 'NA', 'N/A', 'NaN', 'nan', 'null', 'NULL']

/** Most categories of one column that are published because their owner declares them. */
export const MAX_PUBLISHED_LEVELS = 1000

export const categoryCountSchema = z
  .strictObject({ value: z.string().max(1000), records: z.number().int().min(1) })
  .meta({ id: 'CategoryCount' })
export type CategoryCount = z.infer<typeof categoryCountSchema>

/**
 * What a data holder publishes of one column: never a minimum, a maximum or any value that belongs to one person. Null, or absent,
 * is what he does not publish.
 */
export const featureSchema = z
  .strictObject({
    name: featureNameSchema,
    type: featureTypeSchema,
    unit: z.string().max(100).optional(),
    missing: z.number().int().min(0).nullable(),
    mean: z.number().nullable(),
    std: z.number().min(0).nullable(),
    quantiles: z.array(z.number()).min(3).max(99).optional(),
    categories: z.number().int().min(0).nullable(),
    values: z.array(categoryCountSchema).max(1000).optional(),
    levels: z.array(z.string().max(1000)).max(MAX_PUBLISHED_LEVELS).optional(),
  })
  .meta({
    id: 'Feature',
    description:
      'mean and std (n - 1) of numeric features; quantiles, evenly spaced, each the mean of several values around its place; the number of categories of the others, and those that many records have. levels: every category that there may be, where its owner declares them.',
  })
export type Feature = z.infer<typeof featureSchema>

export const datasourceNameSchema = z.string().min(1).max(100)

/** What a data holder publishes of one table. A table that can't be read at the moment says so, with no records and no features. */
export const datasourceMetadataSchema = z
  .strictObject({
    name: datasourceNameSchema,
    publish: publishModeSchema.optional(),
    records: z.number().int().min(0).nullable().meta({ description: 'Null where `publish` is schema.' }),
    features: z.array(featureSchema).max(10_000),
    missingCells: z.array(z.string().max(1000)).max(1000).optional().meta({
      description:
        'Texts of its cells that mean that there is no value, where they are not the usual ones; none where only null does.',
    }),
    problem: jobFailureSchema.nullable(),
  })
  .meta({ id: 'DatasourceMetadata' })
export type DatasourceMetadata = z.infer<typeof datasourceMetadataSchema>

/** All tables of a client with the projects each is offered to; it replaces what the client published before. */
export const publishRequestSchema = z
  .strictObject({
    datasources: z
      .array(z.strictObject({ metadata: datasourceMetadataSchema, proofs: z.array(tokenProofSchema).max(100) }))
      .max(1000),
  })
  .meta({ id: 'PublishRequest' })
export type PublishRequest = z.infer<typeof publishRequestSchema>

/** Which projects each table is now attached to. A token that the node does not know is listed, so the data holder can mend it. */
export const publishResponseSchema = z
  .strictObject({
    attached: z.array(z.strictObject({ datasource: datasourceNameSchema, projects: z.array(projectIdSchema) })),
    unknownTokenIds: z.array(z.string()),
  })
  .meta({ id: 'PublishResponse' })
export type PublishResponse = z.infer<typeof publishResponseSchema>
