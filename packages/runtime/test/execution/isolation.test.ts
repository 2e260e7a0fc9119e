import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createPoolExecutor, type PoolExecutor } from '../../src/execution/pool-executor.ts'
import { silentLogger } from '../../src/ports/logger.ts'

const entry = fileURLToPath(new URL('support/misbehaving-worker.mjs', import.meta.url))
const never = new AbortController().signal
let executor: PoolExecutor

const start = (timeoutMs: number, workers = 1, program = entry) => {
  executor = createPoolExecutor({ workers, memoryMb: 64, timeoutMs, entry: program, logger: silentLogger })
}
beforeEach(() => start(30_000))
afterEach(() => executor[Symbol.asyncDispose]())

function run(behaviour: string, signal = never) {
  const request = { operation: { kind: 'Pass' }, datasources: [], inputs: [], used: [], outputPath: behaviour } as const
  return executor.execute({ ...request, policy: { minimumRecords: 0, minimumCell: 0 }, until: undefined }, { signal })
}

const codeOf = async (behaviour: string) => {
  const outcome = await run(behaviour)
  return outcome.kind === 'failed' ? outcome.failure.code : outcome.kind
}

describe('a job that misbehaves fails alone, and the next one runs', () => {
  it.each([
    ['fills the heap', 'heap', 'out_of_memory'],
    ['takes 1.5 GiB in typed arrays, which no heap limit sees', 'buffers', 'out_of_memory'],
    ['exits its process', 'exit', 'worker_crashed'],
    ['aborts its process', 'abort', 'worker_crashed'],
    ['calls itself without end', 'stack', 'worker_crashed'],
    ['rejects', 'reject', 'worker_crashed'],
  ])('one that %s', async (_, behaviour, code) => {
    expect(await codeOf(behaviour)).toBe(code)
    expect(await codeOf('well')).toBe('completed')
  })

  it('one that never ends is ended at its deadline', async () => {
    await executor[Symbol.asyncDispose]()
    start(1500)
    expect(await codeOf('loop')).toBe('task_timeout')
    await executor[Symbol.asyncDispose]()
    start(30_000)
    expect(await codeOf('well')).toBe('completed')
  })

  it('one that has waited for a process has its whole time from then on', async () => {
    await executor[Symbol.asyncDispose]()
    start(2500)
    expect(await Promise.all(Array(5).fill('slow').map(codeOf))).toEqual(Array(5).fill('completed'))
  })

  it('one that may run for 30 days is not ended before', async () => {
    await executor[Symbol.asyncDispose]()
    start(30 * 24 * 60 * 60 * 1000)
    expect(await codeOf('slow')).toBe('completed')
  })

  it('one that never ends is ended when it is not wanted any more', async () => {
    const lost = new AbortController()
    const running = run('loop', lost.signal)
    setTimeout(() => lost.abort(), 500)
    expect(await running).toMatchObject({ kind: 'failed', failure: { code: 'unavailable' } })
    expect(await codeOf('well')).toBe('completed')
  })

  it.each([
    ['is not wanted any more', 'loop', new AbortController()],
    ['ends its process', 'exit', undefined],
  ])('one that %s leaves nobody waiting who came after it', async (_, behaviour, lost) => {
    const running = run(behaviour, lost?.signal)
    const waiting = ['well', 'well'].map(codeOf)
    if (lost) setTimeout(() => lost.abort(), 300)
    expect(await Promise.all(waiting)).toEqual(['completed', 'completed'])
    expect(await running).toMatchObject({ kind: 'failed' })
  })

  it('one whose process dies after its answer takes nobody with it', async () => {
    expect(await codeOf('later')).toBe('completed')
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(await codeOf('well')).toBe('completed')
  })

  it('its words stay on this machine: what crosses the wire is the code and the words of the table', async () => {
    const outcome = await run('reject')
    expect(outcome).toMatchObject({ kind: 'failed', detail: expect.stringContaining('a value of the data') })
    expect(outcome.kind === 'failed' ? outcome.failure.message : '').not.toContain('a value of the data')
  })
})

const isLinux = process.platform === 'linux'
const children = () => readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ').filter(Boolean)

describe('processes that end at once', () => {
  const hasEnded = (pid: number) => /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))

  it.runIf(isLinux)('end each its own job, for its own reason', async () => {
    await executor[Symbol.asyncDispose]()
    start(30_000, 2)
    expect(await codeOf('well')).toBe('completed')
    const other = Number(children()[0])
    const crashing = codeOf('wait')
    const { kill } = process
    const ending = vi.spyOn(process, 'kill').mockImplementationOnce((pid, signal) => {
      kill(other, signal)
      kill(pid, signal)
      // The ends of both are heard of together then, first that of the process which was started first.
      while (!hasEnded(other) || !hasEnded(pid));
      return true
    })
    expect(await Promise.all([crashing, codeOf('buffers')])).toEqual(['worker_crashed', 'out_of_memory'])
    ending.mockRestore()
  })
})

describe('a process that ends while it starts', () => {
  /** A program that is killed before it is ready, the first times that it is started. */
  function dyingAtStart(folder: string, times: number): string {
    const program = join(folder, 'dying-worker.mjs')
    writeFileSync(
      program,
      `import { readdirSync, writeFileSync } from 'node:fs'
       const deaths = readdirSync(${JSON.stringify(folder)}).length - 1
       if (deaths < ${times}) {
         writeFileSync(${JSON.stringify(folder)} + '/death-' + deaths, '')
         process.kill(process.pid, 'SIGKILL')
       }
       export { default } from ${JSON.stringify(pathToFileURL(entry).href)}`,
    )
    return program
  }

  it.each([1, 3])('is replaced, and its job is done: %i times', async (times) => {
    const folder = mkdtempSync(join(tmpdir(), 'flotta-dying-'))
    await executor[Symbol.asyncDispose]()
    start(30_000, 2, dyingAtStart(folder, times))
    expect(await codeOf('well')).toBe('completed')
    expect(readdirSync(folder)).toHaveLength(1 + times)
    rmSync(folder, { recursive: true })
  })
})

describe('a process that is started ahead', () => {
  it.runIf(isLinux)(
    'does the first job, which waits for it instead of starting another one, even when it made nothing of its start',
    async () => {
      await executor[Symbol.asyncDispose]()
      start(30_000, 2)
      executor.prepare()
      expect(await codeOf('well')).toBe('completed')
      expect(children()).toHaveLength(1)
    },
  )
})
