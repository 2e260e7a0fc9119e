export type KeyFileProblem = 'too_open' | 'corrupt' | 'unsupported' | 'conflict'

/** A key file that is not used: the message says its state, the danger and the remedy, and holds no key material. */
export class KeyFileError extends Error {
  override readonly name = 'KeyFileError'
  readonly problem: KeyFileProblem
  readonly path: string

  constructor(problem: KeyFileProblem, path: string, message: string) {
    super(message)
    this.problem = problem
    this.path = path
  }
}
