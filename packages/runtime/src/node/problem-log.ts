import type { ArtifactProblem, Logger } from '../ports/index.ts'

/** Tells what keeps the looks by the clock from an artifact: once, however many looks find the same, until one of them does not. */
export class ProblemLog {
  readonly #logger: Logger
  #known: ReadonlySet<string> = new Set()

  constructor(logger: Logger) {
    this.#logger = logger
  }

  /** @param problems all that this look found */
  tell(problems: readonly ArtifactProblem[]): void {
    const known = new Set<string>()
    for (const { artifactId, error } of problems) {
      const what = `${artifactId} ${error.message}`
      if (!this.#known.has(what) && !known.has(what))
        this.#logger.warn(`leases and deadlines of an artifact could not be looked through: ${error.message}`, { artifactId })
      known.add(what)
    }
    this.#known = known
  }
}
