export type LogFields = Readonly<Record<string, unknown>>

/** Where the engine reports to. Fields never hold keys, tokens or data values (law 8). */
export interface Logger {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
  /** A logger that adds these fields to each line. */
  with(fields: LogFields): Logger
}

const ignore = () => undefined

/** A logger that says nothing. */
export const silentLogger: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore, with: () => silentLogger }
