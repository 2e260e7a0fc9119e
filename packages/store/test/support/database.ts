import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatabaseLocation } from '../../src/index.ts'
import type { TestPostgres } from './postgres.ts'

/** A place on the disk for one test. */
export async function temporaryFolder(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'flotta-test-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

/** An empty schema of the test server. */
export function freshSchema({
  host,
  port,
  username,
  password,
  database,
}: TestPostgres): Extract<DatabaseLocation, { kind: 'postgresql' }> {
  const schema = `test_${randomBytes(8).toString('hex')}`
  return { kind: 'postgresql', host, port, username, password: () => password, database, schema }
}
