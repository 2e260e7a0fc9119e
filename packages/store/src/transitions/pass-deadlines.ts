import type { Looked } from '@flotta/runtime/ports'
import type { Database } from '../database.ts'
import type { ArtifactTransition } from './artifact-transition.ts'
import { artifactsOverdue, overdueBarrier, passDeadline } from './barriers.ts'
import { eachArtifact } from './each-artifact.ts'

/** Goes on without the stragglers of every step whose time is over. */
export async function passDeadlines(database: Database): Promise<Looked> {
  const overdue = await database.read((statements) => artifactsOverdue(statements, database.dialect.nowMs))
  return eachArtifact(database, overdue, passWithin)
}

async function passWithin(transition: ArtifactTransition): Promise<void> {
  while (!transition.ended) {
    // One that opens may make others needless.
    const barrier = await overdueBarrier(transition)
    if (barrier === undefined) return
    await passDeadline(transition, barrier)
  }
}
