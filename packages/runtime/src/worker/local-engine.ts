import { createReadStream, createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { digestStream, digestsOf } from '@flotta/client-sdk/transport'
import {
  FlottaError,
  isFlottaError,
  type KeyDocument,
  mediaTypes,
  type ProjectId,
  type ResourceId,
  SMALL_PRODUCT_BYTES,
  type Task,
} from '@flotta/contract'
import { type Identity, openBytes, openStream, sealBytes, sealStream } from '@flotta/crypto'
import type { DatasourceSource } from '../ports/datasource-source.ts'
import type { ExecutionRequest, HeldProduct, ReleasePolicy, TaskExecutor } from '../ports/task-executor.ts'
import { insist } from './insist.ts'
import { checkMaskedReaders } from './masked-readers.ts'
import type { Parcel } from './outbox.ts'
import { passesForJob } from './passing.ts'
import type { ProductEngine, Production } from './product-engine.ts'
import { ScratchFiles } from './scratch-files.ts'
import type { OwnProduct } from './task-source.ts'

export interface LocalEngineOptions {
  readonly executor: TaskExecutor
  readonly identity: Identity
  readonly policy: ReleasePolicy
  /** Folder for the files of running jobs. */
  readonly scratchFolder: string
  /** The tables of this component that its owner offers to a project. */
  readonly datasourcesOf: (projectId: ProjectId) => readonly DatasourceSource[]
}

type Work = LocalEngineOptions & Production

/**
 * Does the work of tasks in this process and the executor's: what comes out is sealed and survives the end of this process.
 *
 * The keys stay here: inputs are opened and the product sealed in this process, the executor only ever sees products in the clear.
 */
export function localEngine(options: LocalEngineOptions): ProductEngine<OwnProduct> {
  return (task, production) => produce(task, { ...options, ...production })
}

async function produce(task: Task, work: Work): Promise<Parcel<OwnProduct>> {
  const { executor, identity, policy, outbox, scratchFolder, signal } = work
  checkMaskedReaders(task, identity.id)
  await using scratch = await ScratchFiles.open(scratchFolder, `${task.jobId}-${task.epoch}`)
  const files = await fetchProducts(scratch, task, work)
  const outputPath = scratch.path('product')
  const datasources = work.datasourcesOf(task.projectId)
  const outcome = await executor.execute({ operation: task.operation, datasources, ...files, outputPath, policy }, { signal })
  signal.throwIfAborted()
  if (outcome.kind === 'failed') {
    throw new FlottaError(outcome.failure.code, outcome.failure.message, { cause: outcome.detail })
  }
  const recipients = outcome.stop && task.until !== null ? task.until.recipients : task.output.recipients
  const product = outcome.product ?? outputPath
  const sealed = await sealProduct(product, scratch.path('sealed'), task.output.resourceId, recipients)
  // Its file is still among the scratch files until it is kept.
  return await outbox.keep(task, sealed, outcome)
}

/** Everything that a job reads, opened: small products in memory, the others in files of its own. */
async function fetchProducts(
  scratch: ScratchFiles,
  { inputs, used, until, contents }: Task,
  work: Work,
): Promise<Pick<ExecutionRequest, 'inputs' | 'used' | 'until'>> {
  const opened = new Map<ResourceId, HeldProduct>()
  const small = new Map(contents.map(({ resourceId, content }) => [resourceId, content]))
  for (const { resourceId } of [...inputs, ...used, ...(until ? [until.previous] : [])]) {
    if (opened.has(resourceId)) continue
    const content = small.get(resourceId)
    const product =
      content === undefined ? await fetchProduct(resourceId, scratch, opened.size, work) : openContent(resourceId, content, work)
    opened.set(resourceId, product)
  }
  const heldOf = ({ resourceId }: { readonly resourceId: ResourceId }) => opened.get(resourceId) ?? ''
  return {
    inputs: inputs.map(heldOf),
    used: used.map(heldOf),
    until: until ? { criterion: until.criterion, previous: heldOf(until.previous) } : undefined,
  }
}

/** The file with a product that was fetched and opened. */
async function fetchProduct(
  resourceId: ResourceId,
  scratch: ScratchFiles,
  number: number,
  { source, identity, logger, signal }: Work,
): Promise<string> {
  const [sealed, file] = [scratch.path(`sealed-${number}`), scratch.path(`input-${number}`)]
  const fetch = () => source.fetch(resourceId, sealed, signal).catch(asLost)
  await insist('fetching a resource', fetch, { signal, logger, passes: passesForJob })
  try {
    await pipeline(
      createReadStream(sealed),
      openStream({ identity, context: resourceId }),
      createWriteStream(file, { mode: 0o600 }),
    )
  } catch (error) {
    throw new FlottaError('invalid_resource', undefined, { cause: error })
  }
  return file
}

/**
 * Who is given a job may read its inputs, and they were stored before: one that is not there is gone. Where the job itself is not wanted any
 * more, nobody hears of this.
 */
function asLost(error: unknown): never {
  if (!isFlottaError(error, 'not_found')) throw error
  throw new FlottaError(
    'invalid_resource',
    'A result of an earlier step is gone from the storage of the node. Tell its operator, and submit the plan again.',
    { cause: error },
  )
}

/** Opens what came with the task. */
function openContent(resourceId: ResourceId, content: string, { identity }: Work): Uint8Array {
  try {
    return openBytes({ identity, context: resourceId }, Buffer.from(content, 'base64')).bytes
  } catch (error) {
    throw new FlottaError('invalid_resource', undefined, { cause: error })
  }
}

/** A small product is sealed in memory, a larger one into the file of that path. */
async function sealProduct(
  product: HeldProduct,
  path: string,
  resourceId: ResourceId,
  recipients: readonly KeyDocument[],
): Promise<OwnProduct> {
  const options = { recipients, contentType: mediaTypes.tensors, context: resourceId }
  if (typeof product !== 'string') {
    const content = Buffer.from(sealBytes(options, product))
    if (content.length <= SMALL_PRODUCT_BYTES) return { kind: 'content', content, ...digestsOf(content) }
  }
  const source = typeof product === 'string' ? createReadStream(product) : Readable.from([product])
  const digest = digestStream()
  await pipeline(source, sealStream(options), digest, createWriteStream(path, { mode: 0o600 }))
  return { kind: 'file', path, bytes: digest.bytes(), digest: digest.hex(), contentDigest: digest.contentDigest() }
}
