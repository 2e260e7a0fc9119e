import { createInterface } from 'node:readline/promises'
import { FlottaError } from '@flotta/contract'
import { InvalidArgumentError } from 'commander'
import { say } from './print.ts'

export interface Question {
  readonly text: string
  /** The flag that answers it beforehand. */
  readonly flag: string
  readonly given: string | undefined
  /** What no answer means; without, there has to be one. */
  readonly fallback?: string
  /** The answer as it is used. @throws {InvalidArgumentError} when it will not do */
  readonly check?: (answer: string) => string
}

/** Asks whoever sits at the terminal for what flags leave open; an answer that will not do is asked for again. */
export class Questions implements Disposable {
  readonly #terminal = process.stdin.isTTY ? createInterface({ input: process.stdin, output: process.stderr }) : undefined
  readonly #ended = new AbortController()

  constructor() {
    this.#terminal?.once('close', () => this.#ended.abort())
  }

  /** @throws {FlottaError} `malformed_request` when there is no answer, and nobody to give one */
  async ask({ text, flag, given, fallback, check = (answer) => answer }: Question): Promise<string> {
    if (given !== undefined) return check(given)
    for (;;) {
      const answer = (await this.#answer(`${text}${fallback ? ` [${fallback}]` : ''}: `, flag)) || fallback
      if (answer === undefined) {
        if (this.#terminal === undefined)
          throw new FlottaError('malformed_request', `${text}? Nobody is there to ask: give --${flag}.`)
        say('An answer is needed here.')
        continue
      }
      try {
        return check(answer)
      } catch (error) {
        if (!(error instanceof InvalidArgumentError) || this.#terminal === undefined) throw error
        say(error.message)
      }
    }
  }

  /** Empty where nobody is there to ask. */
  async #answer(question: string, flag: string): Promise<string> {
    if (this.#terminal === undefined) return ''
    try {
      return (await this.#terminal.question(question, { signal: this.#ended.signal })).trim()
    } catch (error) {
      throw new FlottaError(
        'malformed_request',
        `The terminal was closed before all was answered; --${flag} answers this beforehand.`,
        {
          cause: error,
        },
      )
    }
  }

  [Symbol.dispose](): void {
    this.#terminal?.close()
  }
}
