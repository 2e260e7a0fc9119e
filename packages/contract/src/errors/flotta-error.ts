import { type ErrorCode, errorCodes } from './codes.ts'
import { type Issue, type Problem, problemOf } from './problem.ts'

/** An error with a code of the closed table. Recognise it by `isFlottaError`, which works across copies of this package. */
export class FlottaError extends Error {
  override readonly name = 'FlottaError'
  readonly code: ErrorCode
  readonly issues: readonly Issue[]

  constructor(code: ErrorCode, detail?: string, options: { readonly issues?: readonly Issue[]; readonly cause?: unknown } = {}) {
    super(
      detail ?? `${errorCodes[code].title} ${errorCodes[code].remedy}`,
      options.cause === undefined ? {} : { cause: options.cause },
    )
    this.code = code
    this.issues = options.issues ?? []
  }

  get retryable(): boolean {
    return errorCodes[this.code].retryable
  }

  toProblem(): Problem {
    return problemOf(this.code, this.message, this.issues)
  }

  static fromProblem(problem: Problem): FlottaError {
    return new FlottaError(problem.code, problem.detail, problem.issues ? { issues: problem.issues } : {})
  }
}

/** Whether a value is a `FlottaError`, of a given code where one is named. */
export function isFlottaError(value: unknown, code?: ErrorCode): value is FlottaError {
  if (!(value instanceof Error) || value.name !== 'FlottaError') return false
  return code === undefined || (value as FlottaError).code === code
}

/** Any thrown value as an `Error`, with the value kept as its cause. */
export function toError(value: unknown): Error {
  return value instanceof Error ? value : new Error(String(value), { cause: value })
}
