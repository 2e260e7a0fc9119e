import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateIdentity } from '@flotta/crypto'
import { describe, expect, it } from 'vitest'
import { createNode } from '../../src/index.ts'
import type { Store, TaskExecutor } from '../../src/ports/index.ts'

const other = generateIdentity().id

describe('a node', () => {
  it('refuses a database that remembers another node, before it writes anything there', async () => {
    const workdir = await mkdtemp(join(tmpdir(), 'flotta-own-store-'))
    try {
      // Whatever else it would ask of the store fails.
      const store = { belongsTo: async () => other } as unknown as Store
      const making = createNode({ store, executor: {} as TaskExecutor, identity: generateIdentity(), workdir })
      await expect(making).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining(other) })
    } finally {
      await rm(workdir, { recursive: true })
    }
  })
})
