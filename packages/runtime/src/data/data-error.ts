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

/** Whether the query engine reached its limit of memory, which says nothing of the source. */
export function isOutOfMemory(message: string): boolean {
  return /^(Out of Memory Error|Failed to append: could not allocate)/i.test(message)
}

export function outOfMemory(where: string, message: string): FlottaError {
  return new FlottaError('out_of_memory', undefined, { cause: `${where}: ${message}` })
}
