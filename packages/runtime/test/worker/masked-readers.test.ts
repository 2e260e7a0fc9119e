import type { SecureSumJob, Task } from '@flotta/contract'
import { generateIdentity } from '@flotta/crypto'
import { describe, expect, it } from 'vitest'
import { checkMaskedReaders } from '../../src/worker/masked-readers.ts'
import { newTask } from './tasks.ts'

const [own, next, node] = [generateIdentity(), generateIdentity(), generateIdentity()]

function check(part: SecureSumJob['part'], readers: readonly (typeof own)[]): () => void {
  const operation: SecureSumJob = {
    kind: 'SecureSum',
    part,
    estimator: { kind: 'Count' },
    query: { kind: 'Query', stages: [] },
    levels: [],
  }
  const { output } = newTask()
  const recipients = readers.map(({ document }) => document as Task['output']['recipients'][number])
  return () => checkMaskedReaders(newTask({ operation, output: { ...output, recipients } }), own.id)
}

describe('a site refuses, whatever the node orders, to seal', () => {
  it('a mask to anybody but itself', () => {
    expect(check('mask', [own])).not.toThrow()
    for (const readers of [[node], [own, node], [next]]) expect(check('mask', readers)).toThrow('its maker alone')
  })

  it('what it has added to back to itself, who may hold the mask, or to several', () => {
    expect(check('add', [next])).not.toThrow()
    for (const readers of [[own], [next, node], [own, next]]) expect(check('add', readers)).toThrow('one other component')
  })
})
