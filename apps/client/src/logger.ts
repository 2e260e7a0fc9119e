import type { Logger } from '@flotta/runtime'
import { pino } from 'pino'

export interface LoggerOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  /** `pretty`: a line for people; `json`: one JSON document a line, for machines. */
  readonly format: 'pretty' | 'json'
}

const redact = {
  paths: ['token', 'tokens', 'password', 'authorization', 'signature', 'proof', '*.token', '*.tokens', '*.password'],
  censor: '***',
}

/** The log of a command, on standard error; standard output is for data. */
export function createLogger({ level, format }: LoggerOptions): Logger {
  const destination =
    format === 'json' ? pino.destination({ dest: 2, sync: true }) : { write: (line: string) => writePretty(line) }
  return wrap(
    pino(
      {
        level,
        redact,
        base: null,
        timestamp: pino.stdTimeFunctions.isoTime,
        formatters: { level: (label) => ({ level: label }) },
      },
      destination,
    ),
  )
}

function wrap(log: pino.Logger): Logger {
  return {
    debug: (message, fields = {}) => log.debug(fields, message),
    info: (message, fields = {}) => log.info(fields, message),
    warn: (message, fields = {}) => log.warn(fields, message),
    error: (message, fields = {}) => log.error(fields, message),
    with: (fields) => wrap(log.child(fields)),
  }
}

function writePretty(line: string): void {
  const { time, level, msg, ...fields } = JSON.parse(line) as { time: string; level: string; msg: string } & Record<
    string,
    unknown
  >
  const rest = Object.entries(fields)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ')
  process.stderr.write(`${time.slice(11, 19)} ${level.padEnd(5)} ${msg}${rest === '' ? '' : `  ${rest}`}\n`)
}
