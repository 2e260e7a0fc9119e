import type { LeaseRef } from '@flotta/runtime/ports'
import type { Session } from '../database.ts'
import type { Dialect } from '../dialect.ts'
import { Prisma } from '../generated/sqlite/client.ts'
import { ArtifactTransition } from './artifact-transition.ts'

/** Begins a transition of the artifact of a leased job; `undefined` when the component has no such job. */
export async function beginWithJob(session: Session, dialect: Dialect, lease: LeaseRef): Promise<ArtifactTransition | undefined> {
  const where = { id: lease.jobId, componentId: lease.componentId }
  const job = await session.job.findFirst({ where, select: { artifactNumber: true } })
  return job === null ? undefined : ArtifactTransition.begin(session, dialect, job.artifactNumber)
}

/** The job of a lease, if it is still held: the fence before everything that a component says of a job (A5). */
export function heldBy({ jobId, componentId, epoch }: LeaseRef): Prisma.Sql {
  return Prisma.sql`id = ${jobId} AND component_id = ${componentId} AND epoch = ${epoch}`
}
