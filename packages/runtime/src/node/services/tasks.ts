import { backoffDelayMs } from '@flotta/client-sdk/transport'
import {
  type CompleteRequest,
  type ComponentId,
  errorCodes,
  FlottaError,
  type JobFailure,
  type JobId,
  type ResourceId,
  type Task,
  toError,
} from '@flotta/contract'
import type { ClaimedJob, ProducedResource } from '../../ports/store.ts'
import { announce, type NodeContext, wakeEverywhere } from '../node-context.ts'

const retryBackoff = { initialMs: 500, maxMs: 30_000 }

/** The next task of a component: at once when there is one, else as soon as there is, or null after the wait. */
export async function nextTask(
  context: NodeContext,
  componentId: ComponentId,
  waitMs: number,
  signal: AbortSignal,
): Promise<Task | null> {
  const deadline = performance.now() + waitMs
  const listener = context.wakeUps.listen(componentId)
  context.presence.heard(componentId)
  try {
    for (;;) {
      const claimed = await context.store.jobs.claim(componentId, context.leaseMs)
      if (claimed !== undefined) {
        announce(context, claimed.changes)
        return taskOf(claimed.job, context.leaseMs)
      }
      const remainingMs = deadline - performance.now()
      if (remainingMs <= 0 || signal.aborted || context.stopping.aborted) return null
      await listener.wait(remainingMs, signal)
    }
  } finally {
    context.presence.heard(componentId)
    listener.close()
  }
}

/** A task if there is one at this moment. It never rejects: it comes with an answer that must not be lost for its sake. */
export async function taskAtOnce(context: NodeContext, componentId: ComponentId): Promise<Task | null> {
  if (context.stopping.aborted) return null
  try {
    const claimed = await context.store.jobs.claim(componentId, context.leaseMs)
    if (claimed === undefined) return null
    announce(context, claimed.changes)
    return taskOf(claimed.job, context.leaseMs)
  } catch (error) {
    context.logger.warn(`the next task could not be handed out with a completion: ${toError(error).message}`)
    return null
  }
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

/**
 * Completes a job whose output has been uploaded before; again with the same digest is the same as once. `stop` is for the node's
 * own jobs alone.
 *
 * @throws {FlottaError} `stale_lease`, `conflict`, or `invalid_resource` when the output was never uploaded
 */
export async function completeJob(
  context: NodeContext,
  componentId: ComponentId,
  jobId: JobId,
  { epoch, digest, metrics }: CompleteRequest,
  stop = false,
): Promise<void> {
  const job = await context.store.jobs.find(jobId)
  if (job === undefined || job.component.id !== componentId) throw new FlottaError('stale_lease')
  const blob = (await context.blobs.find(job.outputId, digest)) ?? (await storedBefore(context, job.outputId))
  if (blob === undefined) throw new FlottaError('invalid_resource', 'The output of the job has not been uploaded.')
  const outcome = await context.store.jobs.complete({ jobId, componentId, epoch }, { digest, bytes: blob.bytes, metrics, stop })
  switch (outcome.kind) {
    case 'completed':
      announce(context, outcome.changes)
      await context.blobs.keepOnly(job.outputId, digest)
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

/** The output of a job that has completed; its file may have been removed since, and its completion is still known. */
async function storedBefore({ store }: NodeContext, outputId: ResourceId): Promise<{ readonly bytes: number } | undefined> {
  return (await store.jobs.findResource(outputId))?.stored ?? undefined
}

/** Ends an attempt: a retryable failure makes the job READY again after a delay while attempts are left. @throws {FlottaError} `stale_lease` */
export async function failJob(
  context: NodeContext,
  componentId: ComponentId,
  jobId: JobId,
  epoch: number,
  failure: JobFailure,
): Promise<void> {
  const delayMs = errorCodes[failure.code].retryable
    ? Math.round(backoffDelayMs(retryBackoff, epoch - 1, Math.random()))
    : undefined
  const outcome = await context.store.jobs.fail({ jobId, componentId, epoch }, failure, delayMs)
  if (outcome.kind === 'stale') throw new FlottaError('stale_lease')
  announce(context, outcome.changes)
  if (outcome.kind === 'released' && delayMs !== undefined)
    setTimeout(() => wakeEverywhere(context, [componentId]), delayMs + 5).unref()
}
