import { createReadStream, createWriteStream } from 'node:fs'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { digestStream, digestsOf } from '@flotta/client-sdk/transport'
import {
  FlottaError,
  failureFromUnknown,
  type KeyDocument,
  mediaTypes,
  type ProjectId,
  type ResourceId,
  SMALL_PRODUCT_BYTES,
  type Task,
  toError,
} from '@flotta/contract'
import { type Identity, openBytes, openStream, sealBytes, sealStream } from '@flotta/crypto'
import type { DatasourceSource } from '../ports/datasource-source.ts'
import type { Logger } from '../ports/logger.ts'
import type { ExecutionRequest, ReleasePolicy, TaskExecutor } from '../ports/task-executor.ts'
import { deliver, isUnwanted } from './deliver.ts'
import { insist } from './insist.ts'
import { checkMaskedReaders } from './masked-readers.ts'
import type { Outbox, Parcel } from './outbox.ts'
import { ScratchFiles } from './scratch-files.ts'
import type { SealedProduct, TaskSource } from './task-source.ts'
import type { WorkSignals } from './work-loop.ts'

export interface JobRunnerOptions {
  readonly source: TaskSource
  readonly executor: TaskExecutor
  readonly identity: Identity
  readonly policy: ReleasePolicy
  /** Folder for the files of running jobs. */
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
  const { executor, identity, policy, outbox, scratchFolder } = options
  checkMaskedReaders(task, identity.id)
  await using scratch = await ScratchFiles.open(scratchFolder, `${task.jobId}-${task.epoch}`)
  const files = await fetchProducts(scratch, task, options, signal)
  const outputPath = scratch.path('product')
  const datasources = options.datasourcesOf(task.projectId)
  const outcome = await executor.execute({ operation: task.operation, datasources, ...files, outputPath, policy }, { signal })
  signal.throwIfAborted()
  if (outcome.kind === 'failed') {
    throw new FlottaError(outcome.failure.code, outcome.failure.message, { cause: outcome.detail })
  }
  const recipients = outcome.stop && task.until !== null ? task.until.recipients : task.output.recipients
  const sealed = await sealProduct(outputPath, scratch.path('sealed'), task.output.resourceId, recipients)
  // Its file is still among the scratch files until it is kept.
  return await outbox.keep(task, sealed, outcome)
}

/** Everything that a job reads, opened, in files of its own. */
async function fetchProducts(
  scratch: ScratchFiles,
  { inputs, used, until, contents }: Task,
  options: JobRunnerOptions,
  signal: AbortSignal,
): Promise<Pick<ExecutionRequest, 'inputs' | 'used' | 'until'>> {
  const opened = new Map<ResourceId, string>()
  const small = new Map(contents.map(({ resourceId, content }) => [resourceId, content]))
  for (const { resourceId } of [...inputs, ...used, ...(until ? [until.previous] : [])]) {
    if (opened.has(resourceId)) continue
    const file = scratch.path(`input-${opened.size}`)
    const content = small.get(resourceId)
    if (content === undefined) await fetchProduct(resourceId, scratch.path(`sealed-${opened.size}`), file, options, signal)
    else await openContent(resourceId, Buffer.from(content, 'base64'), file, options)
    opened.set(resourceId, file)
  }
  const fileOf = ({ resourceId }: { readonly resourceId: ResourceId }) => opened.get(resourceId) ?? ''
  return {
    inputs: inputs.map(fileOf),
    used: used.map(fileOf),
    until: until ? { criterion: until.criterion, previous: fileOf(until.previous) } : undefined,
  }
}

async function fetchProduct(
  resourceId: ResourceId,
  sealed: string,
  file: string,
  { source, identity, logger }: JobRunnerOptions,
  signal: AbortSignal,
): Promise<void> {
  await insist('fetching a resource', () => source.fetch(resourceId, sealed, signal), { signal, logger })
  try {
    await pipeline(
      createReadStream(sealed),
      openStream({ identity, context: resourceId }),
      createWriteStream(file, { mode: 0o600 }),
    )
  } catch (error) {
    throw new FlottaError('invalid_resource', undefined, { cause: error })
  }
}

/** Opens what came with the task. */
async function openContent(resourceId: ResourceId, content: Buffer, file: string, { identity }: JobRunnerOptions): Promise<void> {
  let opened: Uint8Array
  try {
    opened = openBytes({ identity, context: resourceId }, content).bytes
  } catch (error) {
    throw new FlottaError('invalid_resource', undefined, { cause: error })
  }
  await writeFile(file, opened, { mode: 0o600 })
}

/** A small product is sealed in memory, a larger one into the file of that path. */
async function sealProduct(
  product: string,
  path: string,
  resourceId: ResourceId,
  recipients: readonly KeyDocument[],
): Promise<SealedProduct> {
  const options = { recipients, contentType: mediaTypes.tensors, context: resourceId }
  const { size } = await stat(product)
  if (size <= SMALL_PRODUCT_BYTES) {
    const content = Buffer.from(sealBytes(options, await readFile(product)))
    if (content.length <= SMALL_PRODUCT_BYTES) return { kind: 'content', content, ...digestsOf(content) }
  }
  const digest = digestStream()
  await pipeline(createReadStream(product), sealStream(options), digest, createWriteStream(path, { mode: 0o600 }))
  return { kind: 'file', path, bytes: digest.bytes(), digest: digest.hex(), contentDigest: digest.contentDigest() }
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
