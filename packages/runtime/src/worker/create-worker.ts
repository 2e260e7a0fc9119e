import { createReadStream, createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { FlottaError, failureFromUnknown, isFlottaError, jobFailure, toError } from '@flotta/contract'
import type { Identity } from '@flotta/crypto'
import type { BlobStorage } from '../ports/blob-storage.ts'
import { type Logger, silentLogger } from '../ports/logger.ts'
import type { OrderIntake, OrderService } from '../ports/order-queue.ts'
import type { TaskExecutor } from '../ports/task-executor.ts'
import { insist } from './insist.ts'
import { localEngine } from './local-engine.ts'
import { answerTo, type Order, type OrderAnswer, readOrder, writeAnswer } from './order.ts'
import { Outbox } from './outbox.ts'
import { holdScratch } from './scratch.ts'

export interface WorkerOptions {
  /** Where orders come from; the caller closes it. */
  readonly orders: OrderIntake
  /** The resources of the node, shared with all its processes. */
  readonly blobs: BlobStorage
  /** Runs the jobs; the caller closes it. */
  readonly executor: TaskExecutor
  /** That of the node. */
  readonly identity: Identity
  /** Folder of this process alone. */
  readonly workdir: string
  /** How many jobs run at once. @default 2 */
  readonly workers?: number
  readonly maxResourceBytes?: number
  readonly logger?: Logger
}

export interface FlottaWorker extends AsyncDisposable {
  /** @throws {FlottaError} `conflict` when another process works in its workdir */
  start(): Promise<void>
  /** Takes no more orders and lets running jobs end within `graceMs` (30 s unless told). */
  stop(graceMs?: number): Promise<void>
}

/** A worker of a node: does the node's own jobs on another machine, with its key and its resources and without its database. */
export function createWorker(options: WorkerOptions): FlottaWorker {
  const { orders, workdir, workers = 2 } = options
  const scratchFolder = join(workdir, 'worker', 'jobs')
  let service: OrderService | undefined
  let release: (() => void) | undefined
  const worker: FlottaWorker = {
    async start() {
      release = holdScratch(scratchFolder)
      const outbox = await Outbox.open({ folder: join(workdir, 'worker', 'outbox'), terms: 'node' })
      service = orders.serve(workOn({ ...options, scratchFolder, outbox }), workers)
    },
    async stop(graceMs = 30_000) {
      await service?.stop(graceMs)
      release?.()
    },
    [Symbol.asyncDispose]: () => worker.stop(),
  }
  return worker
}

type Place = WorkerOptions & { readonly scratchFolder: string; readonly outbox: Outbox }

function workOn(place: Place): (text: string, signal: AbortSignal) => Promise<string> {
  const { identity, logger = silentLogger } = place
  return async (text, signal) => {
    const order = readOrder(identity, text)
    if (order === undefined) {
      logger.error('an order was refused: this node has not written it')
      return ''
    }
    const { jobId, artifactId, operation } = order.task
    const job = logger.with({ jobId, artifactId, operation: operation.kind })
    return writeAnswer(identity, answerTo(order.task, await resultOf(order, place, job, signal)))
  }
}

async function resultOf(order: Order, place: Place, logger: Logger, signal: AbortSignal): Promise<OrderAnswer['result']> {
  const startedAt = performance.now()
  try {
    const result = await work(order, place, logger, signal)
    logger.info('job done', { ms: Math.round(performance.now() - startedAt) })
    return result
  } catch (error) {
    if (signal.aborted) {
      logger.warn('the job is not wanted any more; its work is dropped')
      return { kind: 'failed', failure: jobFailure('unavailable') }
    }
    const failure = failureFromUnknown(error)
    const { cause, stack } = toError(error)
    logger.error(`job failed: ${failure.message}`, { code: failure.code, detail: String(cause ?? stack) })
    return { kind: 'failed', failure }
  }
}

/** From the stored inputs to the stored product. */
async function work({ task, digests }: Order, place: Place, logger: Logger, signal: AbortSignal): Promise<OrderAnswer['result']> {
  const { executor, identity, blobs, outbox, scratchFolder, maxResourceBytes = 4 * 1024 ** 3 } = place
  const digestOf = new Map(digests.map(({ resourceId, digest }) => [resourceId, digest]))
  const source = {
    async fetch(resourceId: Order['digests'][number]['resourceId'], file: string) {
      const stream = await blobs.read(resourceId, digestOf.get(resourceId) ?? '').catch(asMissing)
      await pipeline(stream, createWriteStream(file, { mode: 0o600 }), { signal })
    },
  }
  const policy = { minimumRecords: 0, minimumCell: 0 }
  const engine = localEngine({ executor, identity, policy, scratchFolder, datasourcesOf: () => [] })
  const { sealed, work: done } = outbox.find(task) ?? (await engine(task, { source, outbox, signal, logger }))
  if (sealed.kind === 'file') {
    const write = () =>
      blobs.write(task.output.resourceId, createReadStream(sealed.path), { digest: sealed.digest, maxBytes: maxResourceBytes })
    await insist('storing a product', write, { signal, logger })
  }
  await outbox.drop(task.jobId)
  const { digest, bytes } = sealed
  const content = sealed.kind === 'content' ? sealed.content.toString('base64') : null
  return { kind: 'completed', digest, bytes, content, metrics: done.metrics, stop: done.stop }
}

/** An order names only what is stored. */
function asMissing(error: unknown): never {
  if (!isFlottaError(error, 'not_found')) throw error
  throw new FlottaError('invalid_resource', undefined, { cause: 'this worker has not the same storage of resources as its node' })
}
