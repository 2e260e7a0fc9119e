/** One thing that is wrong, and where. */
export interface ConfigProblem {
  /** Where: `config.yaml:12`, `environment FLOTTA_NODE__PORT`, or `flag --…`. */
  readonly source: string
  /** The key, as `node.port`; empty for the file as a whole. */
  readonly path: string
  /** What was found; a secret shows as `***`. */
  readonly found: string
  /** What is expected, or what to do. */
  readonly expected: string
}

/** Every problem of a configuration at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly ConfigProblem[]

  constructor(problems: readonly ConfigProblem[]) {
    super(problems.map(line).join('\n'))
    this.problems = problems
  }
}

function line({ source, path, found, expected }: ConfigProblem): string {
  return `${source}: ${path === '' ? '' : `${path}: `}${found === '' ? '' : `found ${found}, `}${expected}`
}
