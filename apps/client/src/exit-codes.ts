import { ConfigError } from '@flotta/config'
import { type ErrorCode, isFlottaError } from '@flotta/contract'
import { KeyFileError } from '@flotta/crypto'
import { CommanderError } from 'commander'

/** Exit codes of the commands. */
export const exitCodes = {
  ok: 0,
  /** Something failed while running. */
  failure: 1,
  /** The command line could not be understood. */
  usage: 2,
  /** The configuration or a key file has problems; all of them are printed. */
  configuration: 3,
  /** The node refuses whoever asks, or is not the one that was expected. */
  denied: 4,
  /** There is nothing of that name. */
  notFound: 5,
  /** A data holder's policy refuses. */
  policy: 6,
  /** The node or its database can not be reached, or is not ready. */
  unavailable: 7,
  /** It contradicts what is there; or the database belongs to another version. */
  conflict: 8,
  /** Ended at once by a second signal: 128 + its number. */
  interrupted: 130,
  terminated: 143,
} as const

const byErrorCode: Partial<Record<ErrorCode, number>> = {
  unauthenticated: exitCodes.denied,
  forbidden: exitCodes.denied,
  admission_refused: exitCodes.denied,
  node_mismatch: exitCodes.denied,
  clock_skew: exitCodes.denied,
  project_disabled: exitCodes.denied,
  not_found: exitCodes.notFound,
  disclosure_refused: exitCodes.policy,
  unavailable: exitCodes.unavailable,
  rate_limited: exitCodes.unavailable,
  storage_full: exitCodes.unavailable,
  conflict: exitCodes.conflict,
  malformed_request: exitCodes.usage,
  version_mismatch: exitCodes.conflict,
}

/** The exit code that tells a script what kind of failure this was. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
  if (error instanceof ConfigError || error instanceof KeyFileError) return exitCodes.configuration
  return (isFlottaError(error) ? byErrorCode[error.code] : undefined) ?? exitCodes.failure
}
