/** Something that a command keeps running until a signal ends it. */
export interface Running {
  stop(): Promise<void>
}

/** Takes over what has to be released at the end, and hands it back. */
export type Hold = <T extends AsyncDisposable>(one: T) => T

/**
 * Starts something out of parts that are held until it stops, and released in the reverse order. Where the start fails half-way they are
 * released at once: nothing of it goes on, so that the process can end and be started again.
 */
export async function holding<T extends object>(start: (hold: Hold) => Promise<T>): Promise<T & Running> {
  const held: AsyncDisposable[] = []
  const stop = async () => {
    const errors: unknown[] = []
    for (const one of held.splice(0).reverse()) {
      try {
        await one[Symbol.asyncDispose]()
      } catch (error) {
        errors.push(error)
      }
    }
    if (errors.length > 0) throw errors[0]
  }
  try {
    const started = await start((one) => {
      held.push(one)
      return one
    })
    return { ...started, stop }
  } catch (error) {
    await stop().catch(() => undefined)
    throw error
  }
}
