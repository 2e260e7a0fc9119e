import { z } from 'zod'
import { criterionSchema } from '../artifact/criterion.ts'
import { jobOperationSchema } from '../artifact/operations.ts'
import { jobFailureSchema } from '../errors/failure.ts'
import { artifactIdSchema, componentIdSchema, jobIdSchema, projectIdSchema, resourceIdSchema } from '../ids.ts'
import { MAX_WAIT_S, SMALL_PRODUCT_BYTES } from '../protocol.ts'
import { keyDocumentSchema } from './component.ts'
import { nodesDigestSchema, otherNodesSchema } from './network.ts'

/** Most products that one job takes. */
const MAX_PRODUCERS = 10_000
/** Most components that one product is sealed to. */
export const MAX_RECIPIENTS = 1024

const producedSchema = z.strictObject({ resourceId: resourceIdSchema, producer: componentIdSchema })
const smallProductSchema = z.base64().max(Math.ceil(SMALL_PRODUCT_BYTES / 3) * 4)
const recipientsSchema = z.array(keyDocumentSchema).min(1).max(MAX_RECIPIENTS)

/** A job as it is handed out under a lease. It holds everything that is needed to run it, and no token, path or code. */
export const taskSchema = z
  .strictObject({
    jobId: jobIdSchema,
    artifactId: artifactIdSchema,
    projectId: projectIdSchema,
    stepIndex: z.number().int().min(0),
    operation: jobOperationSchema,
    epoch: z
      .number()
      .int()
      .min(1)
      .meta({ description: 'Fencing token: it grows with each lease, and a completion under an old one is refused.' }),
    leaseMs: z.number().int().min(1),
    inputs: z
      .array(producedSchema)
      .max(MAX_PRODUCERS)
      .meta({ description: 'What the jobs before produced for this one, in the order of the plan.' }),
    used: z.array(producedSchema).max(16).meta({
      description:
        "Products of earlier steps of the node, in the order of the step's `uses`; for who takes off a mask, the mask.",
    }),
    contents: z
      .array(z.strictObject({ resourceId: resourceIdSchema, content: smallProductSchema }))
      .max(MAX_PRODUCERS)
      .meta({ description: 'Small ones among the products that the job reads, sealed; the others are downloaded.' }),
    output: z.strictObject({ resourceId: resourceIdSchema, recipients: recipientsSchema }),
    until: z
      .strictObject({ criterion: criterionSchema, previous: producedSchema, recipients: recipientsSchema })
      .nullable()
      .meta({
        description: "For the node's last job of a round that may be the last: when it is, who gets the product instead.",
      }),
  })
  .meta({ id: 'Task' })
export type Task = z.infer<typeof taskSchema>

/** A client says with what it asks anyway which other nodes it knows, and is told of them where they are others now. */
const knownNodesSchema = nodesDigestSchema
  .meta({
    description: 'The digest of the other nodes that the client knows, empty for none; absent: it needs not hear of them.',
  })
  .optional()
const toldNodesSchema = otherNodesSchema.meta({ description: 'Where they are others than the client knows.' }).optional()

export const nextTaskRequestSchema = z
  .strictObject({
    waitS: z
      .number()
      .min(0)
      .max(MAX_WAIT_S)
      .meta({ description: 'How long the node may hold the request until there is work, or the other nodes change.' }),
    nodes: knownNodesSchema,
  })
  .meta({ id: 'NextTaskRequest' })
export const nextTaskResponseSchema = z
  .strictObject({ task: taskSchema.nullable(), nodes: toldNodesSchema })
  .meta({ id: 'NextTaskResponse' })

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

export const renewRequestSchema = z
  .strictObject({ epoch: z.number().int().min(1), nodes: knownNodesSchema })
  .meta({ id: 'RenewRequest' })
export const renewResponseSchema = z
  .strictObject({ leaseMs: z.number().int(), nodes: toldNodesSchema })
  .meta({ id: 'RenewResponse' })

export const completeRequestSchema = z
  .strictObject({
    epoch: z.number().int().min(1),
    digest: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .meta({ description: 'SHA-256 of the sealed resource, hexadecimal.' }),
    metrics: metricsSchema.nullable(),
    product: smallProductSchema
      .meta({ description: 'The sealed resource itself where it is small; a larger one is uploaded before.' })
      .optional(),
    next: z
      .boolean()
      .meta({
        description:
          'Whether to hand out the next task with the answer, which is then held for a moment where there is none yet.',
      })
      .optional(),
  })
  .meta({ id: 'CompleteRequest' })
export type CompleteRequest = z.infer<typeof completeRequestSchema>

export const completeResponseSchema = z
  .strictObject({ accepted: z.literal(true), task: taskSchema.nullable() })
  .meta({ id: 'CompleteResponse', description: 'With the next task where one was asked for and is ready.' })

export const failRequestSchema = z
  .strictObject({ epoch: z.number().int().min(1), failure: jobFailureSchema })
  .meta({ id: 'FailRequest' })
export const acceptedSchema = z.strictObject({ accepted: z.literal(true) }).meta({ id: 'Accepted' })
