import { rmSync } from 'node:fs'

/**
 * Removes what the jobs of a process that was killed have left: opened inputs, and products that were not sealed yet. To be called
 * before anything runs: the folder belongs to one process.
 */
export function clearScratch(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}
