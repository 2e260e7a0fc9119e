import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { dataError } from '../data-error.ts'

/**
 * The first bytes of a file that is there and can be read.
 *
 * @throws {FlottaError} `datasource_unavailable`
 */
export function readStart(path: string, maxBytes: number): Buffer {
  try {
    if (!statSync(path).isFile()) throw new Error('it is not a file')
    const descriptor = openSync(path, 'r')
    try {
      const buffer = Buffer.alloc(maxBytes)
      return buffer.subarray(0, readSync(descriptor, buffer))
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    throw dataError('datasource_unavailable', `${path} can not be read: ${(error as Error).message}`)
  }
}

/** Whether a file is compressed with gzip, by its magic bytes: names say little. */
export function isGzip(start: Buffer): boolean {
  return start[0] === 0x1f && start[1] === 0x8b
}
