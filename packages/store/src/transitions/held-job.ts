import type { LeaseRef } from '@flotta/runtime/ports'
import type { Dialect } from '../dialect.ts'
import { Prisma } from '../generated/sqlite/client.ts'
import type { Statements } from '../statements.ts'
import { ArtifactTransition } from './artifact-transition.ts'

/** Begins a transition of the artifact of a leased job; `undefined` when the component has no such job. */
export function beginWithJob(
  statements: Statements,
  dialect: Dialect,
  { jobId, componentId }: LeaseRef,
): Promise<ArtifactTransition | undefined> {
  const artifact = Prisma.sql`(SELECT artifact_number FROM job WHERE id = ${jobId} AND component_id = ${componentId})`
  return ArtifactTransition.beginOf(statements, dialect, artifact)
}

/** The job of a lease, if it is still held: the fence before everything that a component says of a job (A5). */
export function heldBy({ jobId, componentId, epoch }: LeaseRef): Prisma.Sql {
  return Prisma.sql`id = ${jobId} AND component_id = ${componentId} AND epoch = ${epoch}`
}
