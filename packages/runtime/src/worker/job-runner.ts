import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { digestStream } from '@flotta/client-sdk/transport'
import { FlottaError, failureFromUnknown, isFlottaError, mediaTypes, type ProjectId, type Task, toError } from '@flotta/contract'
import { type Identity, openStream, sealStream } from '@flotta/crypto'
import type { Logger } from '../ports/logger.ts'
import type { DatasourceFile, ReleasePolicy, TaskExecutor } from '../ports/task-executor.ts'
import { insist } from './insist.ts'
import type { SealedFile, TaskSource } from './task-source.ts'

export interface JobRunnerOptions {
  readonly source: TaskSource
  readonly executor: TaskExecutor
  readonly identity: Identity
  readonly policy: ReleasePolicy
  /** Folder for the files of running jobs; each job's own folder is removed when it ends. */
  readonly scratchFolder: string
  /** The tables of this component that its owner offers to a project. */
  readonly datasourcesOf: (projectId: ProjectId) => readonly DatasourceFile[]
  readonly logger: Logger
}

/**
 * Runs one task from its inputs to its delivered product, keeping the lease meanwhile. It never rejects: a failure is reported to
 * the source, a lost lease drops the work.
 *
 * The keys stay here: inputs are opened and the product sealed in this process, the executor only ever sees plain files.
 */
export async function runJob(task: Task, options: JobRunnerOptions, stopping: AbortSignal): Promise<void> {
  const logger = options.logger.with({ jobId: task.jobId, artifactId: task.artifactId, operation: task.operation.kind })
  const lease = keepLease(task, options.source, stopping)
  const startedAt = performance.now()
  try {
    await mkdir(options.scratchFolder, { recursive: true, mode: 0o700 })
    const folder = await mkdtemp(join(options.scratchFolder, 'job-'))
    try {
      await runIn(folder, task, { ...options, logger }, lease.signal)
      logger.info('job completed', { ms: Math.round(performance.now() - startedAt) })
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  } catch (error) {
    await reportFailure(task, error, { ...options, logger }, stopping)
  } finally {
    lease.end()
  }
}

async function runIn(folder: string, task: Task, options: JobRunnerOptions, signal: AbortSignal): Promise<void> {
  const { source, executor, policy, logger } = options
  const inputs = await fetchInputs(folder, task, options, signal)
  const outputPath = join(folder, 'product')
  const datasources = options.datasourcesOf(task.projectId)
  const outcome = await executor.execute({ operation: task.operation, datasources, inputs, outputPath, policy }, { signal })
  signal.throwIfAborted()
  if (outcome.kind === 'failed') {
    throw new FlottaError(outcome.failure.code, outcome.failure.message, { cause: outcome.detail })
  }
  const sealed = await sealProduct(outputPath, join(folder, 'sealed'), task)
  await insist('delivering a result', () => source.deliver(task, sealed, signal), { signal, logger })
  await insist('completing a job', () => source.complete(task, sealed, outcome.metrics), { signal, logger })
}

async function fetchInputs(
  folder: string,
  task: Task,
  { source, identity, logger }: JobRunnerOptions,
  signal: AbortSignal,
): Promise<string[]> {
  const files: string[] = []
  for (const [index, { resourceId }] of task.inputs.entries()) {
    const sealed = join(folder, `input-${index}.sealed`)
    const opened = join(folder, `input-${index}`)
    await insist('fetching a resource', () => source.fetch(resourceId, sealed, signal), { signal, logger })
    try {
      await pipeline(
        createReadStream(sealed),
        openStream({ identity, context: resourceId }),
        createWriteStream(opened, { mode: 0o600 }),
      )
    } catch (error) {
      throw new FlottaError('invalid_resource', undefined, { cause: error })
    }
    files.push(opened)
  }
  return files
}

async function sealProduct(product: string, path: string, task: Task): Promise<SealedFile> {
  const { recipients, resourceId } = task.output
  const digest = digestStream()
  const seal = sealStream({ recipients, contentType: mediaTypes.tensors, context: resourceId })
  await pipeline(createReadStream(product), seal, digest, createWriteStream(path, { mode: 0o600 }))
  return { path, digest: digest.hex(), contentDigest: digest.contentDigest() }
}

async function reportFailure(
  task: Task,
  error: unknown,
  { source, logger }: JobRunnerOptions,
  stopping: AbortSignal,
): Promise<void> {
  if (isFlottaError(error, 'stale_lease') || isFlottaError(error, 'not_found')) {
    logger.warn('the job is not wanted any more; its work is dropped')
    return
  }
  if (stopping.aborted) {
    logger.warn('stopping before the job ended; it will be handed out again')
    return
  }
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
      if (isFlottaError(error, 'stale_lease') || isFlottaError(error, 'not_found')) lost.abort(error)
    })
  }, task.leaseMs / 3)
  return { signal: AbortSignal.any([lost.signal, stopping]), end: () => clearInterval(timer) }
}
