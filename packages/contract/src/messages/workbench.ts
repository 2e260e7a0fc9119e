import { z } from 'zod'
import { artifactSchema } from '../artifact/artifact.ts'
import { jobFailureSchema } from '../errors/failure.ts'
import { artifactIdSchema, componentIdSchema, datasourceIdSchema, jobIdSchema, projectIdSchema } from '../ids.ts'
import { artifactStatusSchema, jobStatusSchema } from '../job/status.ts'
import { featureNameSchema } from '../query/feature-name.ts'
import { featureTypeSchema } from '../query/feature-type.ts'
import { componentNameSchema, tokenProofSchema } from './component.ts'
import { categoryCountSchema, datasourceMetadataSchema } from './datasource.ts'
import { storedResourceSchema } from './resource.ts'
import { metricsSchema } from './task.ts'

const timestampMs = z.number().int().min(0)
export const componentRefSchema = z
  .strictObject({ id: componentIdSchema, name: componentNameSchema })
  .meta({ id: 'ComponentRef' })

export const openProjectRequestSchema = z.strictObject({ proof: tokenProofSchema }).meta({ id: 'OpenProjectRequest' })

/** A feature as the whole project has it: weighted over the sites, never an average of averages. */
export const projectFeatureSchema = z
  .strictObject({
    name: featureNameSchema,
    types: z.array(featureTypeSchema).min(1),
    typesAt: z
      .array(z.strictObject({ type: featureTypeSchema, datasources: z.array(z.string()).min(1) }))
      .meta({ description: 'Which data sources (component/name) have which type; more than one entry where they differ.' }),
    units: z.array(z.string()),
    datasources: z.number().int().min(1),
    records: z.number().int().min(0).meta({ description: 'Of the data sources that publish how many they have.' }),
    missing: z.number().int().min(0),
    mean: z.number().nullable(),
    std: z.number().min(0).nullable(),
    quartiles: z
      .strictObject({ values: z.tuple([z.number(), z.number(), z.number()]), rankError: z.number().min(0).max(1) })
      .nullable()
      .meta({ description: 'Approximate: the share of values below each is off by at most `rankError`.' }),
    values: z.array(categoryCountSchema).nullable(),
    levels: z
      .array(z.string())
      .optional()
      .meta({ description: 'Every category that there may be, where the owner of each data source declares his.' }),
  })
  .meta({
    id: 'ProjectFeature',
    description: 'mean, std and quartiles over the data sources that publish them; values where every one names its own.',
  })
export type ProjectFeature = z.infer<typeof projectFeatureSchema>

/** What a researcher sees of a project. `features` are those that every available data source has. */
export const projectViewSchema = z
  .strictObject({
    id: projectIdSchema,
    name: z.string(),
    records: z.number().int().min(0).meta({ description: 'Of the data sources that publish how many they have.' }),
    clients: z.array(componentRefSchema),
    features: z.array(projectFeatureSchema),
    datasources: z.array(
      z.strictObject({ id: datasourceIdSchema, component: componentRefSchema, metadata: datasourceMetadataSchema }),
    ),
  })
  .meta({ id: 'ProjectView' })
export type ProjectView = z.infer<typeof projectViewSchema>

export const requestIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{16,64}$/)
  .meta({ description: 'Made by the researcher: the same request sent twice makes one artifact.' })
export const submitRequestSchema = z
  .strictObject({ artifact: artifactSchema, requestId: requestIdSchema })
  .meta({ id: 'SubmitRequest' })
export const cancelRequestSchema = z.strictObject({}).meta({ id: 'CancelRequest' })
export const cancelResponseSchema = z
  .strictObject({ id: artifactIdSchema, status: artifactStatusSchema })
  .meta({ id: 'CancelResponse', description: 'The state after it: an artifact that had ended before stays as it ended.' })
export const submitResponseSchema = z
  .strictObject({ id: artifactIdSchema, status: artifactStatusSchema, jobs: z.number().int().min(1) })
  .meta({ id: 'SubmitResponse' })

export const jobViewSchema = z
  .strictObject({
    id: jobIdSchema,
    stepIndex: z.number().int().min(0),
    operation: z.string(),
    component: componentRefSchema,
    status: jobStatusSchema,
    attempts: z.number().int().min(0),
    metrics: metricsSchema.nullable(),
    failure: jobFailureSchema.nullable().meta({ description: 'Why the job FAILED.' }),
    failures: z.array(jobFailureSchema).meta({ description: 'Why each of its attempts failed that did, in order.' }),
  })
  .meta({ id: 'JobView' })
export type JobView = z.infer<typeof jobViewSchema>

/** Why an artifact failed, and where: the job whose failure ended it, with the reasons of all its attempts. */
export const artifactFailureSchema = z
  .strictObject({
    ...jobFailureSchema.shape,
    job: jobViewSchema.pick({ id: true, stepIndex: true, operation: true, component: true, failures: true }).nullable(),
  })
  .meta({ id: 'ArtifactFailure' })
export type ArtifactFailure = z.infer<typeof artifactFailureSchema>

/** How far a data holder took part: how many of its jobs have ended, and how. */
export const participationSchema = z
  .strictObject({
    component: componentRefSchema,
    completed: z.number().int().min(0),
    failed: z.number().int().min(0),
    skipped: z
      .number()
      .int()
      .min(0)
      .meta({ description: 'Jobs that a quorum went on without, or that were not needed any more.' }),
  })
  .meta({ id: 'Participation' })
export type Participation = z.infer<typeof participationSchema>

export const artifactViewSchema = z
  .strictObject({
    id: artifactIdSchema,
    projectId: projectIdSchema,
    label: z.string(),
    status: artifactStatusSchema,
    createdAtMs: timestampMs,
    endedAtMs: timestampMs.nullable(),
    jobs: z.array(jobViewSchema),
    participants: z.array(participationSchema),
    failure: artifactFailureSchema.nullable(),
    result: storedResourceSchema.nullable(),
  })
  .meta({ id: 'ArtifactView' })
export type ArtifactView = z.infer<typeof artifactViewSchema>

/** One transition of an artifact or of one of its jobs; `sequence` grows within an artifact. */
export const artifactEventSchema = z
  .strictObject({
    sequence: z.number().int().min(1),
    atMs: timestampMs,
    artifactStatus: artifactStatusSchema,
    job: z
      .strictObject({
        id: jobIdSchema,
        stepIndex: z.number().int().min(0),
        operation: z.string(),
        component: componentRefSchema,
        status: jobStatusSchema,
        attempt: z.number().int().min(0).meta({ description: 'Which attempt it is about; 0 before the first.' }),
      })
      .nullable(),
    failure: jobFailureSchema.nullable().meta({ description: 'Why an attempt, a job or the artifact failed.' }),
  })
  .meta({ id: 'ArtifactEvent' })
export type ArtifactEvent = z.infer<typeof artifactEventSchema>
