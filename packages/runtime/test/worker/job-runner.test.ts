import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { digestsOf } from '@flotta/client-sdk/transport'
import { type ErrorCode, FlottaError, type JobFailure } from '@flotta/contract'
import { generateIdentity } from '@flotta/crypto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { silentLogger } from '../../src/ports/logger.ts'
import type { TaskExecutor } from '../../src/ports/task-executor.ts'
import { deliverKept } from '../../src/worker/deliver.ts'
import { runJob } from '../../src/worker/job-runner.ts'
import { localEngine } from '../../src/worker/local-engine.ts'
import { Outbox } from '../../src/worker/outbox.ts'
import type { ProductEngine } from '../../src/worker/product-engine.ts'
import type { OwnProduct, TaskSource } from '../../src/worker/task-source.ts'
import { newTask } from './tasks.ts'

const content = Buffer.from('product')
const product: OwnProduct = { kind: 'content', content, ...digestsOf(content) }
const work = { metrics: null, stop: false }

let folder: string
let outbox: Outbox
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flotta-jobs-'))
  outbox = await Outbox.open({ folder, terms: 'policy' })
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
})
afterEach(async () => {
  vi.useRealTimers()
  await rm(folder, { recursive: true, force: true })
})

/** Lets the time pass that something waits for. */
async function whenever(work: Promise<unknown>): Promise<void> {
  let ended = false
  const end = work.finally(() => {
    ended = true
  })
  while (!ended) await vi.advanceTimersByTimeAsync(100)
  await end
}

/** A node that answers the first so many completions with an error. */
function nodeThatSays(code: ErrorCode, times = 1) {
  const failed: JobFailure[] = []
  let completions = 0
  const source: TaskSource = {
    next: async () => undefined,
    renew: async () => undefined,
    fetch: async () => undefined,
    deliver: async () => undefined,
    complete: async () => {
      if (completions++ < times) throw new FlottaError(code)
      return undefined
    },
    fail: async (_, failure) => {
      failed.push(failure)
    },
  }
  return { source, failed, completions: () => completions }
}

const passing: readonly ErrorCode[] = [
  'unavailable',
  'storage_full',
  'rate_limited',
  'clock_skew',
  'admission_pending',
  'admission_refused',
  'unauthenticated',
  'node_mismatch',
  'internal_error',
]
const unwanted: readonly ErrorCode[] = ['stale_lease', 'not_found', 'component_left']
const refusing: readonly ErrorCode[] = ['payload_too_large', 'invalid_resource', 'conflict', 'malformed_request']

describe('a finished job', () => {
  const never = new AbortController().signal
  const signals = { draining: never, aborting: never, replaced: never }
  const engine: ProductEngine = (task, production) => production.outbox.keep(task, product, work)
  const run = (source: TaskSource) => whenever(runJob(newTask(), { source, engine, outbox, logger: silentLogger }, signals))

  it.each(passing)('is delivered after %s, which says nothing of it, and has not failed', async (code) => {
    const { source, failed, completions } = nodeThatSays(code, 3)
    await run(source)
    expect({ failed, completions: completions(), kept: outbox.parcels }).toEqual({ failed: [], completions: 4, kept: [] })
  })

  it.each(unwanted)('that the node does not want (%s) has not failed, and is kept for a while', async (code) => {
    const { source, failed, completions } = nodeThatSays(code)
    await run(source)
    expect({ failed, completions: completions(), kept: outbox.parcels.length }).toEqual({ failed: [], completions: 1, kept: 1 })
  })

  it.each(refusing)('whose product the node refuses (%s) has failed with that', async (code) => {
    const { source, failed, completions } = nodeThatSays(code)
    await run(source)
    expect({ failed, completions: completions(), kept: outbox.parcels }).toMatchObject({
      failed: [{ code }],
      completions: 1,
      kept: [],
    })
  })
})

describe('a job whose input is gone from the storage of the node', () => {
  it('has failed at once, by its name', async () => {
    const never = new AbortController().signal
    const { source, failed } = nodeThatSays('unavailable', 0)
    const fetch = async () => {
      throw new FlottaError('not_found')
    }
    const engine = localEngine({
      executor: {} as TaskExecutor,
      identity: generateIdentity(),
      policy: { minimumRecords: 0, minimumCell: 0 },
      scratchFolder: join(folder, 'jobs'),
      datasourcesOf: () => [],
    })
    const signals = { draining: never, aborting: never, replaced: never }
    await whenever(runJob(newTask(), { source: { ...source, fetch }, engine, outbox, logger: silentLogger }, signals))
    expect(failed).toEqual([{ code: 'invalid_resource', message: expect.stringMatching(/gone from the storage of the node/) }])
  })
})

describe('what the process before had finished', () => {
  const deliver = (source: TaskSource) =>
    whenever(deliverKept({ source, outbox, logger: silentLogger }, new AbortController().signal))
  beforeEach(async () => {
    await outbox.keep(newTask(), product, work)
  })

  it.each(passing.filter((code) => code !== 'internal_error'))('is delivered after %s', async (code) => {
    const { source } = nodeThatSays(code, 3)
    await deliver(source)
    expect(outbox.parcels).toEqual([])
  })

  it('waits for its job to come again where the node fails over it, and nothing waits for that', async () => {
    const { source, completions } = nodeThatSays('internal_error', Number.POSITIVE_INFINITY)
    await deliver(source)
    expect({ completions: completions(), kept: outbox.parcels.length }).toEqual({ completions: 1, kept: 1 })
  })

  it.each(refusing)('is dropped when the node refuses it (%s)', async (code) => {
    await deliver(nodeThatSays(code).source)
    expect(outbox.parcels).toEqual([])
  })
})
