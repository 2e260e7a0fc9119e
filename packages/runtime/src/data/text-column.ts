import type { DuckDBDataChunk } from '@duckdb/node-api'
import duckdb from '@duckdb/node-bindings'

/**
 * How the engine holds a text in a vector: its length in bytes in the first of four words; in the others its bytes, filled up with zeros, if they are no more
 * than twelve, else the first four of them and an address.
 */
const WORDS = 4
const WORD_BYTES = 4
const SHORT_BYTES = 12
const ADDRESS_OFFSET = 8

/** A mark of byte order at the start of a text is a part of it. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** Takes the columns of text of chunks one after the other; a missing value is null. */
export class TextColumn {
  readonly #values: (string | null)[] = []
  readonly #short = new ShortTexts()

  append({ chunk, rowCount }: DuckDBDataChunk, column: number): void {
    const vector = duckdb.data_chunk_get_vector(chunk, column)
    const { buffer, byteOffset } = duckdb.vector_get_data(vector, rowCount * WORDS * WORD_BYTES)
    const words = new Uint32Array(buffer, byteOffset, rowCount * WORDS)
    const validity = duckdb.vector_get_validity(vector, Math.ceil(rowCount / 64) * 8)
    for (let row = 0; row < rowCount; row++) {
      const place = row * WORDS
      if (validity !== null && ((validity[row >> 3]! >> (row & 7)) & 1) === 0) this.#values.push(null)
      else if (words[place]! <= SHORT_BYTES) this.#values.push(this.#short.read(words, place))
      else {
        const address = byteOffset + place * WORD_BYTES + ADDRESS_OFFSET
        this.#values.push(decoder.decode(duckdb.get_data_from_pointer(buffer as ArrayBuffer, address, words[place]!)))
      }
    }
  }

  values(): (string | null)[] {
    return this.#values
  }
}

const SLOT_BITS = 10
const SLOTS = 2 ** SLOT_BITS

/** The short texts that came last: to decode one costs ten times what it costs to see that it has come before. */
class ShortTexts {
  readonly #words = new Uint32Array(SLOTS * WORDS)
  readonly #texts: string[] = new Array<string>(SLOTS).fill('')

  read(words: Uint32Array, place: number): string {
    const [length, first, second, third] = [words[place]!, words[place + 1]!, words[place + 2]!, words[place + 3]!]
    const mixed = Math.imul(length ^ first ^ Math.imul(second, 0x85ebca6b) ^ Math.imul(third, 0xc2b2ae35), 0x9e3779b1)
    const slot = mixed >>> (32 - SLOT_BITS)
    const known = slot * WORDS
    const isKnown =
      this.#words[known] === length &&
      this.#words[known + 1] === first &&
      this.#words[known + 2] === second &&
      this.#words[known + 3] === third
    if (!isKnown) {
      this.#words.set(words.subarray(place, place + WORDS), known)
      this.#texts[slot] = decoder.decode(new Uint8Array(words.buffer, words.byteOffset + (place + 1) * WORD_BYTES, length))
    }
    return this.#texts[slot]!
  }
}
