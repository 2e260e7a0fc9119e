import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { storeConformance } from '@flotta/runtime/testing'
import { afterAll } from 'vitest'
import { openStore } from '../src/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'flotta-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

storeConformance('SQLite in memory', () => openStore({ database: { kind: 'memory' } }))
storeConformance('SQLite in a file', () => openStore({ database: { kind: 'sqlite', file: join(folder, 'node.db') } }))
