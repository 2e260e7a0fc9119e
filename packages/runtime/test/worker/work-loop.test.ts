import type { Task } from '@flotta/contract'
import { describe, expect, it } from 'vitest'
import { silentLogger } from '../../src/ports/logger.ts'
import { startWorkLoop } from '../../src/worker/work-loop.ts'
import { newTask } from './tasks.ts'

/** A place that hands out tasks by hand, and jobs that end by hand. */
function workplace(slots: number) {
  const questions: ((task: Task | undefined) => void)[] = []
  const jobs: { readonly task: Task; end(next?: Task): void }[] = []
  const turn = () => new Promise((resolve) => setImmediate(resolve))
  const loop = startWorkLoop({
    slots,
    waitS: 1,
    next: (_waitS, signal) =>
      new Promise((resolve) => {
        questions.push(resolve)
        signal.addEventListener('abort', () => resolve(undefined), { once: true })
      }),
    run: (task, { aborting }) =>
      new Promise((resolve) => {
        jobs.push({ task, end: resolve })
        aborting.addEventListener('abort', () => resolve(undefined), { once: true })
      }),
    logger: silentLogger,
  })
  return { loop, questions, jobs, turn }
}

describe('the work loop', () => {
  it('has one question out, however many slots are free, and as many jobs at once as there are slots', async () => {
    const { loop, questions, jobs, turn } = workplace(2)
    await turn()
    expect(questions).toHaveLength(1)
    questions[0]!(newTask())
    await turn()
    expect([questions.length, jobs.length]).toEqual([2, 1])
    questions[1]!(newTask())
    await turn()
    expect([questions.length, jobs.length]).toEqual([2, 2])
    jobs[0]!.end()
    await turn()
    expect(questions).toHaveLength(3)
    await loop.stop(0)
  })

  it('goes on with the task that a completion brought, without asking', async () => {
    const { loop, questions, jobs, turn } = workplace(1)
    await turn()
    questions[0]!(newTask())
    await turn()
    const following = newTask()
    jobs[0]!.end(following)
    await turn()
    expect(jobs[1]?.task).toBe(following)
    expect(questions).toHaveLength(1)
    await loop.stop(0)
  })

  it('asks again after an empty answer', async () => {
    const { loop, questions, turn } = workplace(1)
    await turn()
    questions[0]!(undefined)
    await turn()
    await turn()
    expect(questions).toHaveLength(2)
    await loop.stop(0)
  })

  it('when it stops, asks no more, lets jobs end, and aborts those that take too long', async () => {
    const { loop, questions, jobs, turn } = workplace(2)
    await turn()
    questions[0]!(newTask())
    await turn()
    questions[1]!(newTask())
    await turn()
    const stopped = loop.stop(20)
    jobs[0]!.end()
    await stopped
    expect(questions).toHaveLength(2)
  })
})
