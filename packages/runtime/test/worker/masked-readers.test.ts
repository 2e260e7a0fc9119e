import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SecureSumJob, Task } from '@flotta/contract'
import { generateIdentity } from '@flotta/crypto'
import { describe, expect, it } from 'vitest'
import { silentLogger } from '../../src/ports/logger.ts'
import type { TaskExecutor } from '../../src/ports/task-executor.ts'
import { localEngine } from '../../src/worker/local-engine.ts'
import { checkMaskedReaders } from '../../src/worker/masked-readers.ts'
import { Outbox } from '../../src/worker/outbox.ts'
import { newTask } from './tasks.ts'

const [own, next, node] = [generateIdentity(), generateIdentity(), generateIdentity()]

function taskOf(part: SecureSumJob['part'], readers: readonly (typeof own)[]): Task {
  const query = { kind: 'Query' as const, stages: [] }
  const operation: SecureSumJob = { kind: 'SecureSum', part, estimator: { kind: 'Count' }, query, levels: [] }
  const { output } = newTask()
  const recipients = readers.map(({ document }) => document as Task['output']['recipients'][number])
  return newTask({ operation, output: { ...output, recipients } })
}

const check = (part: SecureSumJob['part'], readers: readonly (typeof own)[]) => () =>
  checkMaskedReaders(taskOf(part, readers), own.id)

describe('a site refuses, whatever the node orders, to seal', () => {
  it('a mask to anybody but itself', () => {
    expect(check('mask', [own])).not.toThrow()
    for (const readers of [[node], [own, node], [next]]) expect(check('mask', readers)).toThrow('its maker alone')
  })

  it('what it has added to back to itself, who may hold the mask, or to several', () => {
    expect(check('add', [next])).not.toThrow()
    for (const readers of [[own], [next, node], [own, next]]) expect(check('add', readers)).toThrow('one other component')
  })

  it('any of it: the job ends before a record is read or a mask is made', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'flotta-masked-'))
    const asked: string[] = []
    const executor: TaskExecutor = {
      execute: async ({ operation }) => {
        asked.push(operation.kind)
        return { kind: 'completed', product: null, metrics: null, stop: false }
      },
      describe: () => Promise.reject(new Error('nothing is described')),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }
    const policy = { minimumRecords: 10, minimumCell: 10 }
    const engine = localEngine({ executor, identity: own, policy, scratchFolder: join(folder, 'jobs'), datasourcesOf: () => [] })
    const production = {
      source: { fetch: () => Promise.reject(new Error('nothing is fetched')) },
      outbox: await Outbox.open({ folder: join(folder, 'outbox'), terms: 'policy' }),
      signal: new AbortController().signal,
      logger: silentLogger,
    }
    for (const task of [taskOf('mask', [node]), taskOf('add', [own])])
      await expect(engine({ ...task, inputs: [] }, production)).rejects.toMatchObject({ code: 'invalid_artifact' })
    expect(asked).toEqual([])
    await rm(folder, { recursive: true })
  })
})
