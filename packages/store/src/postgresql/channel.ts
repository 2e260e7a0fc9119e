import { createHash, randomBytes } from 'node:crypto'

/** PostgreSQL takes a word of fewer than 8,000 bytes. */
const MAX_WORD_CHARACTERS = 7500

/**
 * Where the processes that serve one node tell each other which keys are woken: ids, never data. Each word begins with a name of the
 * process that said it, so that nobody hears himself.
 */
export class Channel {
  /** Channels belong to a database, so the name is made of the schema's. */
  readonly name: string
  readonly #speaker = randomBytes(6).toString('hex')

  constructor(schema: string) {
    this.name = `flotta_${createHash('sha256').update(schema).digest('hex').slice(0, 32)}`
  }

  /** Keys as words that fit; keys hold no space. */
  wordsOf(keys: readonly string[]): string[] {
    const words: string[] = []
    let word = this.#speaker
    for (const key of keys) {
      if (word.length + key.length >= MAX_WORD_CHARACTERS) {
        words.push(word)
        word = this.#speaker
      }
      word += ` ${key}`
    }
    return word === this.#speaker ? words : [...words, word]
  }

  /** The keys of a word that somebody else said. */
  heard(word: string): readonly string[] {
    const [speaker, ...keys] = word.split(' ')
    return speaker === this.#speaker ? [] : keys
  }
}
