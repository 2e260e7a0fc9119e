import { z } from 'zod'
import { jobFailureSchema } from '../errors/failure.ts'
import {
  artifactIdSchema,
  componentIdSchema,
  datasourceIdSchema,
  jobIdSchema,
  projectIdSchema,
  resourceIdSchema,
} from '../ids.ts'
import { artifactStatusSchema, jobStatusSchema } from '../job/status.ts'
import { componentKindSchema, componentNameSchema, componentStateSchema, keyDocumentSchema } from './component.ts'
import { datasourceMetadataSchema, datasourceNameSchema } from './datasource.ts'
import { projectStateSchema } from './project.ts'
import { componentRefSchema } from './workbench.ts'

const timestampMs = z.number().int().min(0)
const count = z.number().int().min(0)

const memberKindSchema = z.enum(['client', 'workbench', 'node'])

/** Part of a list: `cursor` is the `next` of the part before. */
const page = {
  limit: z
    .string()
    .regex(/^[1-9]\d{0,2}$/, 'expected a number from 1 to 999')
    .transform(Number)
    .optional(),
  cursor: z.string().min(1).max(200).optional(),
}

/** A part of a list; `next` leads to the part behind it, null at the end. */
function listOf<T extends z.ZodType>(id: string, item: T) {
  return z.strictObject({ items: z.array(item), next: z.string().nullable() }).meta({ id })
}

export const listComponentsQuerySchema = z.strictObject({
  ...page,
  kind: memberKindSchema.optional(),
  state: componentStateSchema.optional(),
})
export const listQuerySchema = z.strictObject(page)
export const listArtifactsQuerySchema = z.strictObject({
  ...page,
  projectId: projectIdSchema.optional(),
  status: artifactStatusSchema.optional(),
})
export const listJobsQuerySchema = z.strictObject({
  ...page,
  artifactId: artifactIdSchema.optional(),
  status: jobStatusSchema.optional(),
})
export const listResourcesQuerySchema = z.strictObject({ ...page, artifactId: artifactIdSchema.optional() })

export const componentItemSchema = z
  .strictObject({
    id: componentIdSchema,
    kind: memberKindSchema,
    name: componentNameSchema,
    state: componentStateSchema,
    fingerprint: z.string(),
    datasources: count,
    projects: count,
  })
  .meta({ id: 'ComponentItem' })
export const projectItemSchema = z
  .strictObject({
    id: projectIdSchema,
    name: z.string(),
    state: projectStateSchema,
    datasources: count,
    researchers: count,
    artifacts: count,
  })
  .meta({ id: 'ProjectItem' })
export const datasourceItemSchema = z
  .strictObject({
    id: datasourceIdSchema,
    name: datasourceNameSchema,
    component: componentRefSchema,
    records: count.nullable(),
    features: count,
    problem: z.string().nullable(),
    projects: z.array(projectIdSchema),
  })
  .meta({ id: 'DatasourceItem' })
export const datasourceDetailSchema = z
  .strictObject({
    id: datasourceIdSchema,
    component: componentRefSchema,
    projects: z.array(projectIdSchema),
    metadata: datasourceMetadataSchema,
  })
  .meta({ id: 'DatasourceDetail' })
export const artifactItemSchema = z
  .strictObject({
    id: artifactIdSchema,
    label: z.string(),
    status: artifactStatusSchema,
    projectId: projectIdSchema,
    submitter: componentRefSchema,
    createdAtMs: timestampMs,
    endedAtMs: timestampMs.nullable(),
    jobs: count,
    liveJobs: count,
  })
  .meta({ id: 'ArtifactItem' })
export const jobItemSchema = z
  .strictObject({
    id: jobIdSchema,
    artifactId: artifactIdSchema,
    stepIndex: count,
    operation: z.string(),
    component: componentRefSchema,
    status: jobStatusSchema,
    attempts: count,
    failure: jobFailureSchema.nullable(),
  })
  .meta({ id: 'JobItem' })
export const resourceItemSchema = z
  .strictObject({
    id: resourceIdSchema,
    artifactId: artifactIdSchema,
    producer: componentRefSchema,
    bytes: count,
    digest: z.string(),
    released: z.boolean(),
  })
  .meta({ id: 'ResourceItem' })

export const componentListSchema = listOf('ComponentList', componentItemSchema)
export const projectListSchema = listOf('ProjectList', projectItemSchema)
export const datasourceListSchema = listOf('DatasourceList', datasourceItemSchema)
export const artifactListSchema = listOf('ArtifactList', artifactItemSchema)
export const jobListSchema = listOf('JobList', jobItemSchema)
export const resourceListSchema = listOf('ResourceList', resourceItemSchema)

/** What the node keeps of a token: what it is looked up by, and what a proof of it is checked with. The token stays with the operator. */
export const tokenRecordSchema = z
  .strictObject({
    tokenId: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
    tokenVerifier: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  })
  .meta({ id: 'TokenRecord' })
export const enrolRequestSchema = z
  .strictObject({
    kind: componentKindSchema,
    token: tokenRecordSchema,
    lifeS: z
      .number()
      .int()
      .min(1)
      .max(30 * 24 * 60 * 60)
      .meta({ description: 'Seconds within which it may be used first.' }),
  })
  .meta({ id: 'EnrolRequest' })
export const createProjectRequestSchema = z
  .strictObject({ name: z.string().min(1).max(100), token: tokenRecordSchema })
  .meta({ id: 'CreateProjectRequest' })
export const rotateTokenRequestSchema = z.strictObject({ token: tokenRecordSchema }).meta({ id: 'RotateTokenRequest' })
export const setProjectStateRequestSchema = z.strictObject({ state: projectStateSchema }).meta({ id: 'SetProjectStateRequest' })
/** `active` lets in who waits or was blocked, `blocked` keeps out, `left` takes out as if it had gone by itself. */
export const setComponentStateRequestSchema = z
  .strictObject({ state: componentStateSchema.exclude(['pending']) })
  .meta({ id: 'SetComponentStateRequest' })

/** How the node is, for its operator. */
export const nodeStatusSchema = z
  .strictObject({
    name: componentNameSchema,
    version: z.string(),
    protocol: z.number().int(),
    key: keyDocumentSchema,
    nowMs: timestampMs,
    checks: z.array(z.strictObject({ name: z.string(), ok: z.boolean(), detail: z.string() })),
  })
  .meta({ id: 'NodeStatus' })
export type NodeStatus = z.infer<typeof nodeStatusSchema>
export type ComponentItem = z.infer<typeof componentItemSchema>
export type DatasourceItem = z.infer<typeof datasourceItemSchema>
export type TokenRecord = z.infer<typeof tokenRecordSchema>
