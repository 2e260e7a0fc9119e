import { generateIdentity } from '@flotta/crypto'
import { describe, expect, it } from 'vitest'
import { answers, answerTo, type OrderAnswer, readAnswer, readOrder, writeAnswer, writeOrder } from '../../src/worker/order.ts'
import { newTask } from './tasks.ts'

const node = generateIdentity()
const done: OrderAnswer['result'] = {
  kind: 'completed',
  digest: '0'.repeat(64),
  bytes: 1,
  content: null,
  metrics: null,
  stop: false,
}
const failed: OrderAnswer['result'] = { kind: 'failed', failure: { code: 'out_of_memory', message: 'too much' } }

describe('orders and answers', () => {
  it('are read by processes with the key of the node alone, and only as they were written', () => {
    const order = { task: newTask(), digests: [] }
    const text = writeOrder(node, order)
    expect(readOrder(node, text)).toEqual(order)
    expect(readOrder(generateIdentity(), text)).toBeUndefined()
    expect(readOrder(node, writeOrder(generateIdentity(), order))).toBeUndefined()
    expect(readOrder(node, text.replace(order.task.jobId, newTask().jobId))).toBeUndefined()
    const answer = answerTo(order.task, done)
    expect(readAnswer(node, writeAnswer(node, answer))).toEqual(answer)
    // What was signed as one is not the other.
    expect(readAnswer(node, text)).toBeUndefined()
    for (const other of ['', '{}', 'null', JSON.stringify({ text: '{}', signature: '' })])
      expect(readOrder(node, other)).toBeUndefined()
  })

  it('fit to their job alone, for the same readers, and a failure to its lease', () => {
    const task = newTask()
    expect(answers(answerTo(task, done), task)).toBe(true)
    expect(answers(answerTo(newTask(), done), task)).toBe(false)
    const later = { ...task, epoch: task.epoch + 1 }
    expect(answers(answerTo(task, done), later)).toBe(true)
    expect(answers(answerTo(task, failed), task)).toBe(true)
    expect(answers(answerTo(task, failed), later)).toBe(false)
    const forOthers = { ...task, output: { ...task.output, recipients: [] } }
    expect(answers(answerTo(task, done), forOthers)).toBe(false)
  })
})
