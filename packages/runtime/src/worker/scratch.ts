import { rmSync } from 'node:fs'
import { holdAlone } from './hold-alone.ts'

/**
 * Takes the folder of running jobs for this process alone, until the answer is called or the process ends, and removes what the jobs of a
 * process that was killed have left there: opened inputs, and products that were not sealed yet. To be called before anything runs.
 *
 * @throws {FlottaError} `conflict` when another process has jobs there, whose files these are; `unavailable` when it can't be told
 */
export function holdScratch(folder: string): () => void {
  const release = holdAlone(
    `${folder}.lock`,
    `Another process works in ${folder}. Stop it, or give each process a workdir of its own.`,
  )
  try {
    rmSync(folder, { recursive: true, force: true })
    return release
  } catch (error) {
    release()
    throw error
  }
}
