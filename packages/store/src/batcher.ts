import { setImmediate as nextTurn } from 'node:timers/promises'
import { isFlottaError } from '@flotta/contract'

interface Asked<Question, Answer> {
  readonly question: Question
  readonly answered: (answer: Answer) => void
  readonly failed: (error: unknown) => void
}

export interface BatcherOptions<Key, Question, Answer> {
  /** Answers questions of one key, in their order: all of them or none. */
  readonly answer: (questions: readonly Question[], key: Key) => Promise<readonly Answer[]>
  readonly mostAtOnce?: number
}

/**
 * Answers questions by the batch: those of a key that are asked in one turn of the event loop, or while a batch of that key is under
 * way, go together into the next one. So a hundred at once cost a few statements, and one alone waits for nobody.
 *
 * Where a batch fails each of it is asked by itself, so that nobody fails for the sake of another; where the database is away all fail.
 */
export class Batcher<Key, Question, Answer> {
  readonly #answer: BatcherOptions<Key, Question, Answer>['answer']
  readonly #mostAtOnce: number
  readonly #queues = new Map<Key, Asked<Question, Answer>[]>()

  constructor({ answer, mostAtOnce = 100 }: BatcherOptions<Key, Question, Answer>) {
    this.#answer = answer
    this.#mostAtOnce = mostAtOnce
  }

  ask(key: Key, question: Question): Promise<Answer> {
    return new Promise((answered, failed) => {
      const asked = { question, answered, failed }
      const queue = this.#queues.get(key)
      if (queue !== undefined) queue.push(asked)
      else void this.#serve(key, [asked])
    })
  }

  /** Never rejects: who asked hears of failures. */
  async #serve(key: Key, queue: Asked<Question, Answer>[]): Promise<void> {
    this.#queues.set(key, queue)
    await nextTurn()
    while (queue.length > 0) await this.#answerAll(key, queue.splice(0, this.#mostAtOnce))
    this.#queues.delete(key)
  }

  async #answerAll(key: Key, batch: readonly Asked<Question, Answer>[]): Promise<void> {
    try {
      const answers = await this.#answer(
        batch.map(({ question }) => question),
        key,
      )
      for (const [index, { answered }] of batch.entries()) answered(answers[index] as Answer)
    } catch (error) {
      if (batch.length === 1 || isFlottaError(error)) for (const { failed } of batch) failed(error)
      else for (const one of batch) await this.#answerAll(key, [one])
    }
  }
}
