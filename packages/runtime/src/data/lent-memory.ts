/**
 * Memory that is lent for the length of a job and taken back after it, all at once, for the next one: to ask the system for fresh memory costs more than
 * to fill it.
 */
export class LentMemory {
  readonly #idle: ArrayBuffer[] = []
  readonly #lent: ArrayBuffer[] = []
  /** Of what is lent and what is idle. */
  #bytes = 0

  get bytes(): number {
    return this.#bytes
  }

  /**
   * Memory of at least so many bytes, with whatever was in it before. Where it would be more than the limit together with what is lent
   * already, it is the job's own and never comes back.
   */
  lend(byteLength: number, limitBytes: number): ArrayBuffer {
    const known = this.#takeIdle(byteLength)
    if (known === undefined) this.shrink(limitBytes - byteLength)
    const memory = known ?? new ArrayBuffer(byteLength)
    if (this.#bytes + memory.byteLength <= limitBytes) {
      this.#bytes += memory.byteLength
      this.#lent.push(memory)
    }
    return memory
  }

  /** Takes back all that is lent, of which nobody may hold anything any more. */
  takeBack(): void {
    this.#idle.push(...this.#lent.splice(0))
  }

  /** Gives idle memory back to the system until no more than so many bytes are held, what has lain there longest first. */
  shrink(limitBytes: number): void {
    while (this.#bytes > limitBytes && this.#idle.length > 0) this.#bytes -= this.#idle.shift()!.byteLength
  }

  /** The smallest that is large enough, and not twice as large. */
  #takeIdle(byteLength: number): ArrayBuffer | undefined {
    const [best] = this.#idle
      .filter((memory) => memory.byteLength >= byteLength && memory.byteLength <= 2 * byteLength)
      .sort((a, b) => a.byteLength - b.byteLength)
    if (best === undefined) return undefined
    this.#idle.splice(this.#idle.indexOf(best), 1)
    this.#bytes -= best.byteLength
    return best
  }
}
