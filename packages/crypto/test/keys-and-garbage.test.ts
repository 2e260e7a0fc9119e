import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

describe('the bytes of a key that has just been made', () => {
  it('are read whenever garbage is collected: the process does not wait for itself for ever', () => {
    const script = fileURLToPath(new URL('support/keys-and-garbage.ts', import.meta.url))
    const { status, signal } = spawnSync(process.execPath, ['--gc-interval=61', '--import', 'tsx', script], {
      timeout: 150_000,
      killSignal: 'SIGKILL',
    })
    expect({ status, signal }).toEqual({ status: 0, signal: null })
  })
})
