import type { Connection, Submittable } from 'pg'

/** Bytes before the first record: a signature, flags, and the length of an extension, of which there is none. */
const HEADER_BYTES = 19

/**
 * The records of a query in PostgreSQL's binary format of COPY, which holds numbers as they are ("File Formats" of `COPY` in PostgreSQL's
 * documentation). Each record is looked at as it comes from the server, and no other waits meanwhile.
 */
export class CopyOut implements Submittable {
  /** Settled when the last record has come, or with what the server, or the taker of a record, throws. */
  readonly done: Promise<void>
  readonly #text: string
  readonly #take: (record: Buffer, start: number) => void
  #start = HEADER_BYTES
  #settle!: { readonly resolve: () => void; readonly reject: (error: unknown) => void }
  #isOver = false

  /**
   * @param select without a semicolon
   * @param take is given a record: a number of fields in two bytes, and for each of them a length in four, -1 for none, and its bytes
   */
  constructor(select: string, take: (record: Buffer, start: number) => void) {
    this.#text = `COPY (${select}) TO STDOUT (FORMAT binary)`
    this.#take = take
    this.done = new Promise<void>((resolve, reject) => {
      this.#settle = { resolve, reject }
    })
  }

  submit(connection: Connection): void {
    connection.query(this.#text)
  }

  /** One message for each record; the header is before the first, and the last one is a mark. */
  handleCopyData({ chunk }: { readonly chunk: Buffer }): void {
    if (this.#isOver) return
    try {
      const start = this.#start
      this.#start = 0
      if (chunk.length > start && chunk.readInt16BE(start) >= 0) this.#take(chunk, start)
    } catch (error) {
      this.handleError(error)
    }
  }

  handleError(error: unknown): void {
    this.#isOver = true
    this.#settle.reject(error)
  }

  handleCommandComplete(): void {
    this.#isOver = true
  }

  handleReadyForQuery(): void {
    this.#settle.resolve()
  }
}
