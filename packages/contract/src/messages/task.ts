import { z } from 'zod'
import { operationSchema } from '../artifact/operations.ts'
import { jobFailureSchema } from '../errors/failure.ts'
import { artifactIdSchema, componentIdSchema, jobIdSchema, projectIdSchema, resourceIdSchema } from '../ids.ts'
import { keyDocumentSchema } from './component.ts'

/** A job as it is handed out under a lease. It holds everything that is needed to run it, and no token, path or code. */
export const taskSchema = z
  .strictObject({
    jobId: jobIdSchema,
    artifactId: artifactIdSchema,
    projectId: projectIdSchema,
    stepIndex: z.number().int().min(0),
    operation: operationSchema,
    epoch: z
      .number()
      .int()
      .min(1)
      .meta({ description: 'Fencing token: it grows with each lease, and a completion under an old one is refused.' }),
    leaseMs: z.number().int().min(1),
    inputs: z.array(z.strictObject({ resourceId: resourceIdSchema, producer: componentIdSchema })).max(10_000),
    output: z.strictObject({ resourceId: resourceIdSchema, recipients: z.array(keyDocumentSchema).min(1).max(1024) }),
  })
  .meta({ id: 'Task' })
export type Task = z.infer<typeof taskSchema>

export const nextTaskRequestSchema = z
  .strictObject({
    waitS: z.number().min(0).max(60).meta({ description: 'How long the node may hold the request until there is work.' }),
  })
  .meta({ id: 'NextTaskRequest' })
export const nextTaskResponseSchema = z.strictObject({ task: taskSchema.nullable() }).meta({ id: 'NextTaskResponse' })

/** What a site reports of a model on its own test records: shares only, no cell of a confusion matrix. */
export const metricsSchema = z
  .strictObject({
    records: z.number().int().min(0),
    testRecords: z.number().int().min(0),
    accuracy: z.number().min(0).max(1),
    precision: z.number().min(0).max(1),
    recall: z.number().min(0).max(1),
    f1: z.number().min(0).max(1),
    rocAuc: z.number().min(0).max(1).nullable(),
  })
  .meta({
    id: 'Metrics',
    description:
      "A model on a site's test records; scikit-learn's meaning, macro averages where there are more than two classes.",
  })
export type Metrics = z.infer<typeof metricsSchema>

export const renewRequestSchema = z.strictObject({ epoch: z.number().int().min(1) }).meta({ id: 'RenewRequest' })
export const renewResponseSchema = z.strictObject({ leaseMs: z.number().int() }).meta({ id: 'RenewResponse' })

export const completeRequestSchema = z
  .strictObject({
    epoch: z.number().int().min(1),
    digest: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .meta({ description: 'SHA-256 of the sealed resource, hexadecimal.' }),
    metrics: metricsSchema.nullable(),
  })
  .meta({ id: 'CompleteRequest' })
export type CompleteRequest = z.infer<typeof completeRequestSchema>

export const failRequestSchema = z
  .strictObject({ epoch: z.number().int().min(1), failure: jobFailureSchema })
  .meta({ id: 'FailRequest' })
export const acceptedSchema = z.strictObject({ accepted: z.literal(true) }).meta({ id: 'Accepted' })
