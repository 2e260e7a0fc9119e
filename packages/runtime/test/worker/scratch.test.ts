import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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

describe('what a killed process left of its jobs', () => {
  it('is removed when the client starts, before it has reached its node', async () => {
    const left = join(workdir, 'jobs', 'job-Ab12Cd')
    mkdirSync(left, { recursive: true })
    writeFileSync(join(left, 'product-0'), 'opened')
    const options = { nodeUrl: 'http://127.0.0.1:9', identity: generateIdentity(), workdir, datasources: [], executor: idle }
    const client = createClient({ ...options, policy: { minimumRecords: 10, minimumCell: 10 } })
    client.start()
    await client.stop(0)
    expect(existsSync(left)).toBe(false)
  })
})
