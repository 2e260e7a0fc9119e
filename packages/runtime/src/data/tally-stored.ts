import { existsSync, statSync } from 'node:fs'
import { constants, copyFile } from 'node:fs/promises'
import { columnsOf, featuresAmong } from './canonical-types.ts'
import { Engine, type EngineLimits } from './engine.ts'
import type { TableDraft } from './stored-table.ts'
import { addTallies } from './tallies.ts'

/** Beside the engine that answers queries. */
const MOST_MEMORY_MB = 48

/**
 * Makes a copy of a stored table that has tallies, which takes its place; whoever has the table open goes on with what he has. Another
 * process may have done so, or the source may have changed meanwhile: then nothing is left to do.
 *
 * @param inode of the file that is open
 */
export async function tallyStored(
  path: string,
  inode: number,
  draft: TableDraft,
  { memoryMb = MOST_MEMORY_MB, spillFolder }: EngineLimits,
): Promise<void> {
  const isThere = () => existsSync(path) && statSync(path).ino === inode
  if (!isThere()) return
  try {
    await copyFile(path, draft.path, constants.COPYFILE_FICLONE)
    await addTo(draft.path, { memoryMb: Math.min(memoryMb, MOST_MEMORY_MB), spillFolder })
    if (isThere()) draft.finish()
  } finally {
    draft.discard()
  }
}

async function addTo(path: string, limits: EngineLimits): Promise<void> {
  using engine = await Engine.open({ path, mode: 'create' }, limits)
  await addTallies(engine.connection, featuresAmong(await columnsOf(engine.connection)))
  await engine.connection.run('CHECKPOINT')
}
