import type { ArtifactFailureRecord } from '@flotta/runtime/ports'
import { Prisma } from '../generated/sqlite/client.ts'
import type { ArtifactTransition } from './artifact-transition.ts'

/** Ends an artifact before its time: its live jobs are cancelled, nothing of it is handed out any more (E3), no deadline fires. */
export async function endArtifact(
  transition: ArtifactTransition,
  how: 'fail' | 'cancel',
  failure: ArtifactFailureRecord | null = null,
): Promise<void> {
  await transition.moveJobs('cancel', {
    where: Prisma.sql`1 = 1`,
    set: Prisma.sql`, lease_until_ms = NULL, ready_at_ms = NULL`,
  })
  await transition.statements.run(Prisma.sql`
    UPDATE barrier SET deadline_ms = NULL WHERE artifact_number = ${transition.number} AND deadline_ms IS NOT NULL`)
  transition.moveArtifact(how, failure)
}
