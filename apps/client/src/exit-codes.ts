/** Exit codes of the commands. */
export const exitCodes = {
  ok: 0,
  /** Something failed while running. */
  failure: 1,
  /** The command line could not be understood. */
  usage: 2,
  /** The configuration has problems; all of them are printed. */
  configuration: 3,
  /** Ended at once by a second signal: 128 + its number. */
  interrupted: 130,
  terminated: 143,
} as const
