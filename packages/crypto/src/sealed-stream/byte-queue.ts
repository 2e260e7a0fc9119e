/** Bytes in the order they came; taking them copies only where a piece spans several of the chunks. */
export class ByteQueue {
  #chunks: Buffer[] = []
  #length = 0

  get length(): number {
    return this.#length
  }

  push(chunk: Buffer): void {
    if (chunk.length === 0) return
    this.#chunks.push(chunk)
    this.#length += chunk.length
  }

  /** The first `length` bytes, or all when there are fewer; they stay. */
  peek(length: number): Buffer {
    const first = this.#chunks[0]
    if (first !== undefined && first.length >= length) return first.subarray(0, length)
    const whole = Buffer.concat(this.#chunks)
    this.#chunks = whole.length === 0 ? [] : [whole]
    return whole.subarray(0, length)
  }

  /** The first `length` bytes, removed; all when there are fewer. */
  take(length: number): Buffer {
    const bytes = this.peek(length)
    const first = this.#chunks[0]
    if (first === undefined) return bytes
    if (first.length === bytes.length) this.#chunks.shift()
    else this.#chunks[0] = first.subarray(bytes.length)
    this.#length -= bytes.length
    return bytes
  }
}
