import type { ArtifactId } from '@flotta/contract'
import type { CancelOutcome } from '@flotta/runtime/ports'
import type { Dialect } from '../dialect.ts'
import { Prisma } from '../generated/sqlite/client.ts'
import type { Statements } from '../statements.ts'
import { ArtifactTransition } from './artifact-transition.ts'
import { endArtifact } from './end-artifact.ts'

/** Cancels an artifact in whatever state it is; one that has ended stays as it ended. */
export async function cancelArtifact(statements: Statements, dialect: Dialect, id: ArtifactId): Promise<CancelOutcome> {
  const [row] = await statements.rows<{ number: number }>(Prisma.sql`SELECT number FROM artifact WHERE id = ${id}`)
  if (row === undefined) return { kind: 'unknown' }
  const transition = await ArtifactTransition.begin(statements, dialect, row.number)
  if (transition.ended) return { kind: 'ended', status: transition.status }
  await endArtifact(transition, 'cancel')
  return { kind: 'cancelled', changes: await transition.save() }
}
