import { createReadStream, createWriteStream } from 'node:fs'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { digestStream, digestsOf } from '@flotta/client-sdk/transport'
import {
  FlottaError,
  type KeyDocument,
  mediaTypes,
  type ProjectId,
  type ResourceId,
  SMALL_PRODUCT_BYTES,
  type Task,
} from '@flotta/contract'
import { type Identity, openBytes, openStream, sealBytes, sealStream } from '@flotta/crypto'
import type { DatasourceSource } from '../ports/datasource-source.ts'
import type { ExecutionRequest, ReleasePolicy, TaskExecutor } from '../ports/task-executor.ts'
import { insist } from './insist.ts'
import { checkMaskedReaders } from './masked-readers.ts'
import type { Parcel } from './outbox.ts'
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
 * The keys stay here: inputs are opened and the product sealed in this process, the executor only ever sees plain files.
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
  const sealed = await sealProduct(outputPath, scratch.path('sealed'), task.output.resourceId, recipients)
  // Its file is still among the scratch files until it is kept.
  return await outbox.keep(task, sealed, outcome)
}

/** Everything that a job reads, opened, in files of its own. */
async function fetchProducts(
  scratch: ScratchFiles,
  { inputs, used, until, contents }: Task,
  work: Work,
): Promise<Pick<ExecutionRequest, 'inputs' | 'used' | 'until'>> {
  const opened = new Map<ResourceId, string>()
  const small = new Map(contents.map(({ resourceId, content }) => [resourceId, content]))
  for (const { resourceId } of [...inputs, ...used, ...(until ? [until.previous] : [])]) {
    if (opened.has(resourceId)) continue
    const file = scratch.path(`input-${opened.size}`)
    const content = small.get(resourceId)
    if (content === undefined) await fetchProduct(resourceId, scratch.path(`sealed-${opened.size}`), file, work)
    else await openContent(resourceId, Buffer.from(content, 'base64'), file, work)
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
  { source, identity, logger, signal }: Work,
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
async function openContent(resourceId: ResourceId, content: Buffer, file: string, { identity }: Work): Promise<void> {
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
): Promise<OwnProduct> {
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
