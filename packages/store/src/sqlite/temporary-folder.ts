import { constants } from 'node:fs'
import { access, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const PREFIX = 'flotta-store-'
const MEMORY_BACKED = '/dev/shm'

/**
 * Makes a folder that only this user can open, in memory where the system offers that, and removes what processes of this
 * user left behind that did not live to remove it.
 */
export async function makeTemporaryFolder(): Promise<string> {
  const parent = await access(MEMORY_BACKED, constants.W_OK).then(
    () => MEMORY_BACKED,
    () => tmpdir(),
  )
  await sweep(parent)
  return mkdtemp(join(parent, `${PREFIX}${process.pid}-`))
}

async function sweep(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const owner = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1]
    if (owner === undefined || isAlive(Number(owner)) || !(await isOwn(join(parent, name)))) continue
    await rm(join(parent, name), { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function isOwn(folder: string): Promise<boolean> {
  const found = await stat(folder).catch(() => undefined)
  return found !== undefined && (process.getuid === undefined || found.uid === process.getuid())
}
