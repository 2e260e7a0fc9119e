import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { digestStream } from '@flotta/client-sdk/transport'
import {
  FlottaError,
  failureFromUnknown,
  type KeyDocument,
  mediaTypes,
  type ProjectId,
  type ResourceId,
  type Task,
  toError,
} from '@flotta/contract'
import { type Identity, openStream, sealStream } from '@flotta/crypto'
import type { DatasourceSource } from '../ports/datasource-source.ts'
import type { Logger } from '../ports/logger.ts'
import type { ExecutionRequest, ReleasePolicy, TaskExecutor } from '../ports/task-executor.ts'
import { deliver, isUnwanted } from './deliver.ts'
import { insist } from './insist.ts'
import { checkMaskedReaders } from './masked-readers.ts'
import type { Outbox, Parcel } from './outbox.ts'
import type { SealedFile, TaskSource } from './task-source.ts'
import type { WorkSignals } from './work-loop.ts'

export interface JobRunnerOptions {
  readonly source: TaskSource
  readonly executor: TaskExecutor
  readonly identity: Identity
  readonly policy: ReleasePolicy
  /** Folder for the files of running jobs; each job's own folder is removed when it ends. */
  readonly scratchFolder: string
  /** Where finished products wait for their delivery. */
  readonly outbox: Outbox
  /** The tables of this component that its owner offers to a project. */
  readonly datasourcesOf: (projectId: ProjectId) => readonly DatasourceSource[]
  readonly logger: Logger
}

/**
 * Runs one task from its inputs to its delivered product, keeping the lease meanwhile; answers the next task, where the completion
 * brought one. It never rejects: a failure is reported to the source, a lost lease drops the work.
 *
 * The keys stay here: inputs are opened and the product sealed in this process, the executor only ever sees plain files.
 */
export async function runJob(task: Task, options: JobRunnerOptions, signals: WorkSignals): Promise<Task | undefined> {
  const logger = options.logger.with({ jobId: task.jobId, artifactId: task.artifactId, operation: task.operation.kind })
  const job = { ...options, logger }
  const lease = keepLease(task, options.source, signals.aborting)
  const startedAt = performance.now()
  try {
    const parcel = options.outbox.find(task) ?? (await produce(task, job, lease.signal))
    const next = await deliver(parcel, job, lease.signal, () => !signals.draining.aborted)
    logger.info('job completed', { ms: Math.round(performance.now() - startedAt) })
    return next
  } catch (error) {
    await reportFailure(task, error, job, signals.aborting)
    return undefined
  } finally {
    lease.end()
  }
}

/** Does the work: what comes out is sealed and survives the end of this process. */
async function produce(task: Task, options: JobRunnerOptions, signal: AbortSignal): Promise<Parcel> {
  await mkdir(options.scratchFolder, { recursive: true, mode: 0o700 })
  const folder = await mkdtemp(join(options.scratchFolder, 'job-'))
  try {
    return await produceIn(folder, task, options, signal)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function produceIn(folder: string, task: Task, options: JobRunnerOptions, signal: AbortSignal): Promise<Parcel> {
  const { executor, identity, policy, outbox } = options
  checkMaskedReaders(task, identity.id)
  const files = await fetchProducts(folder, task, options, signal)
  const outputPath = join(folder, 'product')
  const datasources = options.datasourcesOf(task.projectId)
  const outcome = await executor.execute({ operation: task.operation, datasources, ...files, outputPath, policy }, { signal })
  signal.throwIfAborted()
  if (outcome.kind === 'failed') {
    throw new FlottaError(outcome.failure.code, outcome.failure.message, { cause: outcome.detail })
  }
  const recipients = outcome.stop && task.until !== null ? task.until.recipients : task.output.recipients
  const sealed = await sealProduct(outputPath, join(folder, 'sealed'), task.output.resourceId, recipients)
  return outbox.keep(task, sealed, outcome)
}

/** Everything that a job reads, opened, in files of its folder. */
async function fetchProducts(
  folder: string,
  { inputs, used, until, contents }: Task,
  options: JobRunnerOptions,
  signal: AbortSignal,
): Promise<Pick<ExecutionRequest, 'inputs' | 'used' | 'until'>> {
  const opened = new Map<ResourceId, string>()
  const small = new Map(contents.map(({ resourceId, content }) => [resourceId, content]))
  for (const { resourceId } of [...inputs, ...used, ...(until ? [until.previous] : [])]) {
    if (opened.has(resourceId)) continue
    const file = join(folder, `product-${opened.size}`)
    await openProduct(resourceId, await sealedBytes(resourceId, small.get(resourceId), file, options, signal), file, options)
    opened.set(resourceId, file)
  }
  const fileOf = ({ resourceId }: { readonly resourceId: ResourceId }) => opened.get(resourceId) ?? ''
  return {
    inputs: inputs.map(fileOf),
    used: used.map(fileOf),
    until: until ? { criterion: until.criterion, previous: fileOf(until.previous) } : undefined,
  }
}

/** A sealed product: as it came with the task, or fetched into a file beside the one that it is opened into. */
async function sealedBytes(
  resourceId: ResourceId,
  small: string | undefined,
  file: string,
  { source, logger }: JobRunnerOptions,
  signal: AbortSignal,
): Promise<Readable> {
  if (small !== undefined) return Readable.from([Buffer.from(small, 'base64')])
  const sealed = `${file}.sealed`
  await insist('fetching a resource', () => source.fetch(resourceId, sealed, signal), { signal, logger })
  return createReadStream(sealed)
}

async function openProduct(
  resourceId: ResourceId,
  sealed: Readable,
  file: string,
  { identity }: JobRunnerOptions,
): Promise<void> {
  try {
    await pipeline(sealed, openStream({ identity, context: resourceId }), createWriteStream(file, { mode: 0o600 }))
  } catch (error) {
    throw new FlottaError('invalid_resource', undefined, { cause: error })
  }
}

async function sealProduct(
  product: string,
  path: string,
  resourceId: ResourceId,
  recipients: readonly KeyDocument[],
): Promise<SealedFile> {
  const digest = digestStream()
  const seal = sealStream({ recipients, contentType: mediaTypes.tensors, context: resourceId })
  await pipeline(createReadStream(product), seal, digest, createWriteStream(path, { mode: 0o600 }))
  return { path, bytes: digest.bytes(), digest: digest.hex(), contentDigest: digest.contentDigest() }
}

async function reportFailure(
  task: Task,
  error: unknown,
  { source, outbox, logger }: JobRunnerOptions,
  stopping: AbortSignal,
): Promise<void> {
  if (isUnwanted(error)) {
    outbox.markStale(task.jobId)
    logger.warn('the job is not wanted any more; its work is dropped')
    return
  }
  if (stopping.aborted) {
    logger.warn('stopping before the job ended; it goes on after the next start')
    return
  }
  await outbox.drop(task.jobId)
  const failure = failureFromUnknown(error)
  logger.error(`job failed: ${failure.message}`, { code: failure.code, detail: detailOf(error) })
  await insist('reporting a failure', () => source.fail(task, failure), { signal: stopping, logger }).catch((reason: unknown) => {
    logger.warn(`the failure could not be reported: ${toError(reason).message}`)
  })
}

/** What only this machine's log may say: the cause of an error. */
function detailOf(error: unknown): string {
  const { cause, stack } = toError(error)
  return typeof cause === 'string' ? cause : cause instanceof Error ? String(cause.stack) : String(stack)
}

/** Renews a lease three times within its length; the signal aborts when it is lost or the worker stops. */
function keepLease(task: Task, source: TaskSource, stopping: AbortSignal): { readonly signal: AbortSignal; end(): void } {
  const lost = new AbortController()
  const timer = setInterval(() => {
    source.renew(task).catch((error: unknown) => {
      if (isUnwanted(error)) lost.abort(error)
    })
  }, task.leaseMs / 3)
  return { signal: AbortSignal.any([lost.signal, stopping]), end: () => clearInterval(timer) }
}
