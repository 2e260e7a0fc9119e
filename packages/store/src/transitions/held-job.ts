import type { LeaseRef } from '@flotta/runtime/ports'
import { Prisma } from '../generated/sqlite/client.ts'

/** The job of a lease, if it is still held: the fence before everything that a component says of a job (A5). */
export function heldBy({ jobId, componentId, epoch }: LeaseRef): Prisma.Sql {
  return Prisma.sql`id = ${jobId} AND component_id = ${componentId} AND epoch = ${epoch}`
}
