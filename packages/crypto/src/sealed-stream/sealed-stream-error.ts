/**
 * `not_sealed`: it does not begin as a sealed stream. `unsupported`: of a suite that this version does not know.
 * `malformed`: the header breaks its own form. `not_a_recipient`: sealed to others. `wrong_key`: the content key does not open,
 * which a wrong context does too. `corrupt`: a chunk was changed, moved, repeated or added. `truncated`: the end is missing.
 */
export type SealedStreamProblem =
  | 'not_sealed'
  | 'unsupported'
  | 'malformed'
  | 'not_a_recipient'
  | 'wrong_key'
  | 'corrupt'
  | 'truncated'

/** What was sealed is not what arrived. */
export class SealedStreamError extends Error {
  override readonly name = 'SealedStreamError'
  readonly code: SealedStreamProblem

  constructor(code: SealedStreamProblem) {
    super(`the sealed stream is refused: ${code}`)
    this.code = code
  }
}
