import { z } from 'zod'
import { jobFailureSchema } from '../errors/failure.ts'
import { projectIdSchema } from '../ids.ts'
import { featureNameSchema } from '../query/feature-name.ts'
import { featureTypeSchema } from '../query/feature-type.ts'
import { tokenProofSchema } from './component.ts'

/** What a data holder publishes of one column: never a minimum, a maximum or any value that belongs to one person. */
export const featureSchema = z
  .strictObject({
    name: featureNameSchema,
    type: featureTypeSchema,
    missing: z.number().int().min(0),
    mean: z.number().nullable(),
    std: z.number().min(0).nullable(),
    categories: z.number().int().min(0).nullable(),
  })
  .meta({ id: 'Feature', description: 'mean and std (n - 1) of numeric features, number of distinct values of the others.' })
export type Feature = z.infer<typeof featureSchema>

export const datasourceNameSchema = z.string().min(1).max(100)

/** What a data holder publishes of one table. A table that can't be read at the moment says so, with no records and no features. */
export const datasourceMetadataSchema = z
  .strictObject({
    name: datasourceNameSchema,
    records: z.number().int().min(0),
    features: z.array(featureSchema).max(10_000),
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
