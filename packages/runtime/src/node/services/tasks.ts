import { digestsOf } from '@flotta/client-sdk/transport'
import {
  type CompleteRequest,
  type ComponentId,
  errorCodes,
  FlottaError,
  type JobFailure,
  type JobId,
  type OtherNodes,
  type ResourceId,
  type Task,
  toError,
} from '@flotta/contract'
import type { ClaimedJob, ProducedResource } from '../../ports/store.ts'
import { held } from '../held.ts'
import { nodesKey } from '../network/node-list.ts'
import { announce, type NodeContext, wakeLater } from '../node-context.ts'
import type { Principal } from '../principal.ts'
import { retryDelayMs } from '../retry-delay.ts'
import { otherNodes } from './network.ts'

/** How long the answer to a completion is held for the next task: where a round takes less, its tasks need no requests of their own. */
export const LINGER_MS = 500

/** What a component asks for when it asks for work. */
export interface Asked {
  readonly waitMs: number
  /** The digest of the other nodes that it knows; absent where it needs not hear of them. */
  readonly nodes?: string | undefined
}

/** What a component is answered: a task, or which the other nodes are now, or neither after the wait. */
export interface NextTask {
  readonly task: Task | null
  readonly nodes?: OtherNodes
}

/**
 * The next task of a component, or news of the other nodes: at once when there is any, else as soon as there is.
 *
 * @throws {FlottaError} `unavailable` while the node stops; `conflict` for what a client has asked before it asked again; `unauthenticated` or
 * `component_left` when it is put out meanwhile
 */
export async function nextTask(
  context: NodeContext,
  { id, role }: Pick<Principal, 'id' | 'role'>,
  { waitMs, nodes: known }: Asked,
  signal: AbortSignal,
): Promise<NextTask> {
  if (context.stopping.aborted) throw new FlottaError('unavailable', 'The node stops.')
  const question = role === 'client' ? context.questions.open(id) : undefined
  try {
    return await taskOrNews(context, id, { waitMs, nodes: known }, signal, async () => {
      if (question?.superseded)
        throw new FlottaError('conflict', 'This client has asked for work again since. Does another process run with its key?')
      if (id !== context.id) await requireActive(context, id)
    })
  } finally {
    question?.close()
  }
}

async function taskOrNews(
  context: NodeContext,
  componentId: ComponentId,
  { waitMs, nodes: known }: Asked,
  signal: AbortSignal,
  requireWanted: () => Promise<void>,
): Promise<NextTask> {
  const keys = known === undefined ? [componentId] : [componentId, nodesKey]
  const release = context.presence.holds(componentId)
  try {
    const found = await held(context, keys, waitMs, signal, async () => {
      await requireWanted()
      const nodes = await otherNodes(context, known)
      if (nodes !== undefined) return { task: null, nodes }
      const task = await claimTask(context, componentId)
      return task && { task }
    })
    return found ?? { task: null }
  } finally {
    release()
  }
}

/** What is held for long must not outlive the right to ask. @throws {FlottaError} what a new question is refused with */
async function requireActive({ directory }: NodeContext, componentId: ComponentId): Promise<void> {
  const known = await directory.find(componentId)
  if (known?.state === 'left') throw new FlottaError('component_left')
  if (known?.state !== 'active') throw new FlottaError('unauthenticated')
}

/** A task if there is one within the wait. It never rejects: it comes with an answer that must not be lost for its sake. */
export async function taskSoon(
  context: NodeContext,
  componentId: ComponentId,
  waitMs: number,
  signal: AbortSignal,
): Promise<Task | null> {
  if (context.stopping.aborted) return null
  try {
    return (await taskOrNews(context, componentId, { waitMs }, signal, async () => undefined)).task
  } catch (error) {
    context.logger.warn(`the next task could not be handed out with a completion: ${toError(error).message}`)
    return null
  }
}

async function claimTask(context: NodeContext, componentId: ComponentId): Promise<Task | undefined> {
  const claimed = await context.store.jobs.claim(componentId, context.leaseMs)
  if (claimed === undefined) return undefined
  announce(context, claimed.changes)
  return taskOf(claimed.job, context.leaseMs)
}

function taskOf(job: ClaimedJob, leaseMs: number): Task {
  return {
    jobId: job.id,
    artifactId: job.artifactId,
    projectId: job.projectId,
    stepIndex: job.stepIndex,
    operation: job.operation,
    epoch: job.epoch,
    leaseMs,
    inputs: job.inputs.map(produced),
    used: job.used.map(produced),
    contents: [...job.contents].map(([resourceId, content]) => ({
      resourceId,
      content: Buffer.from(content).toString('base64'),
    })),
    output: { resourceId: job.outputId, recipients: job.recipients.map(({ key }) => key) },
    until: job.until
      ? {
          criterion: job.until.criterion,
          previous: produced(job.until.previous),
          recipients: job.until.recipients.map(({ key }) => key),
        }
      : null,
  }
}

function produced({ resourceId, producer }: ProducedResource): Task['inputs'][number] {
  return { resourceId, producer }
}

/** @throws {FlottaError} `stale_lease` */
export async function renewLease(
  { store, presence, leaseMs }: NodeContext,
  componentId: ComponentId,
  jobId: JobId,
  epoch: number,
): Promise<number> {
  presence.heard(componentId)
  if (!(await store.jobs.renew({ jobId, componentId, epoch }, leaseMs))) throw new FlottaError('stale_lease')
  return leaseMs
}

/** A completion as the node has it: `content` is the product itself, where it came along. */
export interface Completion extends Omit<CompleteRequest, 'product' | 'next'> {
  readonly content: Uint8Array | null
  /** For the node's own jobs alone: the criterion of their rounds is met. */
  readonly stop: boolean
}

/**
 * Completes a job whose output came along or has been uploaded before; again with the same digest is the same as once.
 *
 * @throws {FlottaError} `stale_lease`, `conflict`, `payload_too_large`, or `invalid_resource` when the output is not there or not the one
 * that the digest names
 */
export async function completeJob(
  context: NodeContext,
  componentId: ComponentId,
  jobId: JobId,
  { epoch, digest, metrics, content, stop }: Completion,
): Promise<void> {
  const output = content === null ? await uploaded(context, componentId, jobId, digest) : broughtAlong(context, content, digest)
  const outcome = await context.store.jobs.complete({ jobId, componentId, epoch }, { ...output, digest, metrics, stop })
  switch (outcome.kind) {
    case 'completed':
      announce(context, outcome.changes)
      if (output.id !== undefined) await context.blobs.keepOnly(output.id, digest)
      return
    case 'duplicate':
      return
    case 'conflict':
      throw new FlottaError('conflict')
    case 'stale':
      throw new FlottaError('stale_lease')
    default:
      outcome satisfies never
  }
}

interface Output {
  /** Of a blob. */
  readonly id?: ResourceId
  readonly bytes: number
  readonly content: Uint8Array | null
}

function broughtAlong({ maxResourceBytes }: NodeContext, content: Uint8Array, digest: string): Output {
  if (content.length > maxResourceBytes) throw new FlottaError('payload_too_large')
  if (digestsOf(content).digest !== digest)
    throw new FlottaError('invalid_resource', 'A resource arrived damaged: it has not the digest that was announced.')
  return { bytes: content.length, content }
}

/** What was uploaded; of a job that has completed, its file may have been removed since, and its completion is still known. */
async function uploaded({ store, blobs }: NodeContext, componentId: ComponentId, jobId: JobId, digest: string): Promise<Output> {
  const job = await store.jobs.find(jobId)
  if (job === undefined || job.component.id !== componentId) throw new FlottaError('stale_lease')
  const { outputId: id } = job
  const blob = (await blobs.find(id, digest)) ?? (await store.jobs.findResource(id))?.stored
  if (blob == null) throw new FlottaError('invalid_resource', 'The output of the job has not been uploaded.')
  return { id, bytes: blob.bytes, content: null }
}

/** Ends an attempt: a retryable failure makes the job READY again after a delay while attempts are left. @throws {FlottaError} `stale_lease` */
export async function failJob(
  context: NodeContext,
  componentId: ComponentId,
  jobId: JobId,
  epoch: number,
  failure: JobFailure,
): Promise<void> {
  const delayMs = errorCodes[failure.code].retryable ? retryDelayMs(epoch) : undefined
  const outcome = await context.store.jobs.fail({ jobId, componentId, epoch }, failure, delayMs)
  if (outcome.kind === 'stale') throw new FlottaError('stale_lease')
  announce(context, outcome.changes)
  if (outcome.kind === 'released' && delayMs !== undefined) wakeLater(context, componentId, delayMs + 5)
}
