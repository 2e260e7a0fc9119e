import {
  type JobId,
  jobFailureSchema,
  jobIdSchema,
  metricsSchema,
  parseJson,
  resourceIdSchema,
  type Task,
  taskSchema,
} from '@flotta/contract'
import { constantTimeEqual, type Identity, sha256Hex } from '@flotta/crypto'
import { z } from 'zod'
import { readersOf } from './outbox.ts'

const digestSchema = z.string().regex(/^[0-9a-f]{64}$/)

const orderSchema = z.strictObject({
  task: taskSchema,
  /** Digests of the products that the job reads and that did not come with the task. */
  digests: z.array(z.strictObject({ resourceId: resourceIdSchema, digest: digestSchema })),
})

/** A job of the node as it goes to one of its workers: the product is to be sealed and stored with the others. */
export type Order = z.infer<typeof orderSchema>

const answerSchema = z.strictObject({
  jobId: jobIdSchema,
  /** The lease under which it was ordered. */
  epoch: z.number().int(),
  /** Whom the product was sealed to, in short. */
  readers: digestSchema,
  result: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('completed'),
      digest: digestSchema,
      bytes: z.number().int().min(0),
      /** A small product itself; null: it is stored. */
      content: z.base64().nullable(),
      metrics: metricsSchema.nullable(),
      stop: z.boolean(),
    }),
    z.strictObject({ kind: z.literal('failed'), failure: jobFailureSchema }),
  ]),
})

/** How an order ended. What else a worker knows of a failure stays in its own log. */
export type OrderAnswer = z.infer<typeof answerSchema>

const signedSchema = z.strictObject({ text: z.string(), signature: z.base64() })

type Purpose = 'order' | 'answer'

/**
 * Orders and answers carry a signature of the node's own key, which its workers have too: whoever else can write into the queue makes no worker
 * open a product, and no node believe that a job is done.
 */
export const writeOrder = (identity: Identity, order: Order): string => sign(identity, 'order', order)
export const writeAnswer = (identity: Identity, answer: OrderAnswer): string => sign(identity, 'answer', answer)

/** Undefined for whatever this node has not written. */
export const readOrder = (identity: Identity, text: string): Order | undefined => open(identity, 'order', text, orderSchema)
export const readAnswer = (identity: Identity, text: string): OrderAnswer | undefined =>
  open(identity, 'answer', text, answerSchema)

/** Whether an answer is one to a task: to this job, for these readers, and if it failed, under this lease. */
export function answers({ jobId, epoch, readers, result }: OrderAnswer, task: Task): boolean {
  return jobId === task.jobId && readers === readersInShort(task) && (result.kind === 'completed' || epoch === task.epoch)
}

export function answerTo(task: Task, result: OrderAnswer['result']): OrderAnswer {
  return { jobId: task.jobId as JobId, epoch: task.epoch, readers: readersInShort(task), result }
}

function readersInShort(task: Task): string {
  return sha256Hex(Buffer.from(readersOf(task)))
}

function sign(identity: Identity, purpose: Purpose, value: object): string {
  const text = JSON.stringify(value)
  return JSON.stringify({ text, signature: Buffer.from(signature(identity, purpose, text)).toString('base64') })
}

/** Ed25519 is deterministic (RFC 8032): who has the key signs again and compares. */
function open<T>(identity: Identity, purpose: Purpose, signed: string, schema: z.ZodType<T>): T | undefined {
  try {
    const { text, signature: claimed } = signedSchema.parse(parseJson(signed))
    if (!constantTimeEqual(Buffer.from(claimed, 'base64'), signature(identity, purpose, text))) return undefined
    return schema.parse(parseJson(text))
  } catch {
    return undefined
  }
}

function signature(identity: Identity, purpose: Purpose, text: string): Uint8Array {
  return identity.sign(Buffer.from(`flotta-worker-${purpose}-v1\n${text}`))
}
