import { describe, expect, it } from 'vitest'
import { Attempts } from '../../src/worker/attempts.ts'
import { newTask } from './tasks.ts'

/** An attempt that goes on until it is told to end, or is replaced and has cleared up. */
function attemptAt(told: string[], name: string) {
  let end = (): void => undefined
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  const run = async (replaced: AbortSignal) => {
    told.push(`${name} begins`)
    const stopped = new Promise<void>((resolve) => {
      if (replaced.aborted) resolve()
      replaced.addEventListener('abort', () => resolve())
    })
    await Promise.race([ended, stopped])
    await new Promise((resolve) => setTimeout(resolve, 10))
    told.push(replaced.aborted ? `${name} is replaced: ${(replaced.reason as { code: string }).code}` : `${name} ends`)
    return name
  }
  return { run, end }
}

describe('attempts at one job', () => {
  it('never run at once: the one whose lease has passed is stopped, and has ended before the next begins', async () => {
    const told: string[] = []
    const attempts = new Attempts()
    const task = newTask()
    const [first, second, third] = ['first', 'second', 'third'].map((name) => attemptAt(told, name))
    const results = [attempts.run(task, first!.run)]
    await new Promise((resolve) => setImmediate(resolve))
    results.push(attempts.run(task, second!.run), attempts.run(task, third!.run))
    third!.end()
    expect(await Promise.all(results)).toEqual(['first', 'second', 'third'])
    expect(told.filter((word) => word.startsWith('first'))).toEqual(['first begins', 'first is replaced: stale_lease'])
    expect(told.indexOf('first is replaced: stale_lease')).toBeLessThan(told.indexOf('second begins'))
    expect(told.slice(-2)).toEqual(['third begins', 'third ends'])
  })

  it('leave those at other jobs alone', async () => {
    const told: string[] = []
    const attempts = new Attempts()
    const [one, other] = [attemptAt(told, 'one'), attemptAt(told, 'other')]
    const running = [attempts.run(newTask(), one.run), attempts.run(newTask(), other.run)]
    one.end()
    other.end()
    await Promise.all(running)
    expect(told.sort()).toEqual(['one begins', 'one ends', 'other begins', 'other ends'])
  })
})
