import { createReadStream } from 'node:fs'
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { dataError } from '../data-error.ts'

/**
 * Reads a compressed file to its end and checks its sums: the query engine takes one that is cut off for a shorter table.
 *
 * @throws {FlottaError} `malformed_datasource`
 */
export async function requireWholeGzip(path: string): Promise<void> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  try {
    await pipeline(createReadStream(path), createGunzip(), nowhere)
  } catch (error) {
    throw dataError('malformed_datasource', `${path}: not a whole gzip file: ${(error as Error).message}`)
  }
}
