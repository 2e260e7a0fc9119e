import { FlottaError } from '@flotta/contract'
import { describe, expect, it } from 'vitest'
import { Batcher } from '../src/batcher.ts'

/** A batcher that notes its batches and answers each question with its double; those of `ends` wait until they are let go. */
function doubling(
  options: { readonly fails?: (questions: readonly number[]) => Error | undefined; readonly mostAtOnce?: number } = {},
) {
  const batches: string[] = []
  const ends: (() => void)[] = []
  const batcher = new Batcher<string, number, number>({
    ...(options.mostAtOnce === undefined ? {} : { mostAtOnce: options.mostAtOnce }),
    answer: async (questions, key) => {
      batches.push(`${key}: ${questions.join(' ')}`)
      await new Promise<void>((resolve) => ends.push(resolve))
      const error = options.fails?.(questions)
      if (error !== undefined) throw error
      return questions.map((question) => question * 2)
    },
  })
  const letAllGo = async (answers: Promise<unknown>) => {
    let going = true
    const ended = answers.finally(() => {
      going = false
    })
    while (going) {
      for (const end of ends.splice(0)) end()
      await new Promise((resolve) => setImmediate(resolve))
    }
    return ended
  }
  return { batcher, batches, letAllGo }
}

/** Resolves when the batches of what was asked before have begun, which they do in the next turn of the event loop. */
const begun = () => new Promise((resolve) => setImmediate(resolve))

describe('questions by the batch', () => {
  it('takes what is asked in one turn together, and what is asked during a batch into the next one', async () => {
    const { batcher, batches, letAllGo } = doubling()
    const first = [1, 2, 3].map((question) => batcher.ask('a', question))
    await begun()
    const second = [4, 5].map((question) => batcher.ask('a', question))
    expect(await letAllGo(Promise.all([...first, ...second]))).toEqual([2, 4, 6, 8, 10])
    expect(batches).toEqual(['a: 1 2 3', 'a: 4 5'])
  })

  it('keeps keys apart: a batch of one does not wait for that of another', async () => {
    const { batcher, batches, letAllGo } = doubling()
    const answers = Promise.all([batcher.ask('a', 1), batcher.ask('b', 2), batcher.ask('a', 3)])
    await begun()
    expect(batches).toEqual(['a: 1 3', 'b: 2'])
    expect(await letAllGo(answers)).toEqual([2, 4, 6])
  })

  it('takes no more at once than it may', async () => {
    const { batcher, batches, letAllGo } = doubling({ mostAtOnce: 2 })
    expect(await letAllGo(Promise.all([1, 2, 3].map((question) => batcher.ask('a', question))))).toEqual([2, 4, 6])
    expect(batches).toEqual(['a: 1 2', 'a: 3'])
  })

  it('lets nobody fail for the sake of another', async () => {
    const { batcher, letAllGo } = doubling({ fails: (all) => (all.includes(2) ? new RangeError('two') : undefined) })
    const answers = await letAllGo(Promise.allSettled([1, 2, 3].map((question) => batcher.ask('a', question))))
    expect(answers).toMatchObject([{ value: 2 }, { reason: { message: 'two' } }, { value: 6 }])
  })

  it('asks an absent database once for all of them', async () => {
    const { batcher, batches, letAllGo } = doubling({ fails: () => new FlottaError('unavailable') })
    const answers = await letAllGo(Promise.allSettled([1, 2].map((question) => batcher.ask('a', question))))
    expect(answers).toMatchObject([{ reason: { code: 'unavailable' } }, { reason: { code: 'unavailable' } }])
    expect(batches).toEqual(['a: 1 2'])
  })
})
