import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { generateIdentity } from '@flotta/crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createClient } from '../../src/client/create-client.ts'
import type { TaskExecutor } from '../../src/ports/task-executor.ts'

let workdir: string
beforeEach(() => {
  workdir = mkdtempSync(join(tmpdir(), 'flotta-scratch-'))
})
afterEach(() => rmSync(workdir, { recursive: true, force: true }))

/** Nobody asks it for anything: the node is not there. */
const idle = {} as TaskExecutor

const clientHere = (healthFile?: string) =>
  createClient({
    nodeUrl: 'http://127.0.0.1:9',
    identity: generateIdentity(),
    workdir,
    datasources: [],
    executor: idle,
    policy: { minimumRecords: 10, minimumCell: 10 },
    ...(healthFile === undefined ? {} : { healthFile }),
  })

/** A file among those of a running job. */
function fileOfJob(): string {
  const file = join(workdir, 'jobs', 'job-Ab12Cd.input-0')
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, 'opened')
  return file
}

describe('what a killed process left of its jobs', () => {
  it('is removed when the client starts, before it has reached its node', async () => {
    const left = fileOfJob()
    const client = clientHere()
    client.start()
    await client.stop(0)
    expect(existsSync(left)).toBe(false)
  })
})

describe('a workdir', () => {
  it('is of one client: another one that starts over it is refused, and touches neither the jobs nor the report of the first', async () => {
    const healthFile = join(workdir, 'health.json')
    const first = clientHere()
    first.start()
    const file = fileOfJob()
    writeFileSync(healthFile, '{}')
    const second = clientHere(healthFile)
    expect(() => second.start()).toThrow(expect.objectContaining({ code: 'conflict' }))
    expect(() => second.start()).toThrow(/Another process works in .*workdir of its own/)
    await second.stop(0)
    expect([existsSync(file), existsSync(healthFile)]).toEqual([true, true])
    await first.stop(0)
  })

  it('is free again when its client has stopped, or its process was killed', async () => {
    const program = `
      import { holdScratch } from ${JSON.stringify(new URL('../../src/worker/scratch.ts', import.meta.url).href)}
      holdScratch(${JSON.stringify(join(workdir, 'jobs'))})
      console.log('held')
      setInterval(() => undefined, 1000)`
    const loading = ['--conditions=@flotta/source', '--import', 'tsx', '--input-type=module', '--eval', program]
    const other = spawn(process.execPath, loading, { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(other.stdout, 'data')
    const client = clientHere()
    expect(() => client.start()).toThrow(expect.objectContaining({ code: 'conflict' }))
    other.kill('SIGKILL')
    await once(other, 'exit')
    client.start()
    await client.stop(0)
    const next = clientHere()
    next.start()
    await next.stop(0)
  })

  it('that can not be written to is refused with its name', () => {
    writeFileSync(join(workdir, 'jobs.lock'), 'not a database, and longer than the header of one would be'.repeat(20))
    expect(() => clientHere().start()).toThrow(/jobs\.lock can not be made or locked/)
  })
})
