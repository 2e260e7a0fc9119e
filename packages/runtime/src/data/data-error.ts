import { type ErrorCode, FlottaError } from '@flotta/contract'

/**
 * A data source that can't be read: what crosses the wire is the words of the error table alone; `detail` (file, line, what the
 * reader said) is for the log of this machine.
 */
export function dataError(
  code: Extract<ErrorCode, 'datasource_unavailable' | 'malformed_datasource'>,
  detail: string,
): FlottaError {
  return new FlottaError(code, undefined, { cause: detail })
}
