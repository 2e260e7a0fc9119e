/** What was acquired, released in reverse order; the first error is kept, the rest are released all the same. */
export class Releasers implements AsyncDisposable {
  readonly #releasers: (() => unknown)[] = []

  defer(release: () => unknown): void {
    this.#releasers.push(release)
  }

  use<T extends AsyncDisposable>(resource: T): T {
    this.defer(() => resource[Symbol.asyncDispose]())
    return resource
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const errors: unknown[] = []
    for (const release of this.#releasers.splice(0).reverse()) {
      try {
        await release()
      } catch (error) {
        errors.push(error)
      }
    }
    if (errors.length > 0) throw errors[0]
  }
}
