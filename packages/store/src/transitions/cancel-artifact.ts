import type { ArtifactId } from '@flotta/contract'
import type { CancelOutcome } from '@flotta/runtime/ports'
import type { Session } from '../database.ts'
import type { Dialect } from '../dialect.ts'
import { ArtifactTransition } from './artifact-transition.ts'
import { endArtifact } from './end-artifact.ts'

/** Cancels an artifact in whatever state it is; one that has ended stays as it ended. */
export async function cancelArtifact(session: Session, dialect: Dialect, id: ArtifactId): Promise<CancelOutcome> {
  const row = await session.artifact.findUnique({ where: { id }, select: { number: true } })
  if (row === null) return { kind: 'unknown' }
  const transition = await ArtifactTransition.begin(session, dialect, row.number)
  if (transition.ended) return { kind: 'ended', status: transition.status }
  await endArtifact(transition, 'cancel')
  return { kind: 'cancelled', changes: await transition.save() }
}
