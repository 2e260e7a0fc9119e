import type { ArtifactId, ResourceId } from '@flotta/contract'
import type { Leftovers } from '@flotta/runtime/ports'
import { Prisma } from './generated/sqlite/client.ts'
import type { Statements } from './statements.ts'

const isResult = Prisma.sql`(j.released AND j.status = 'COMPLETED' AND a.status = 'COMPLETED')`

/** What jobs of ended artifacts may have brought, but for the released results; oldest end first. */
export async function readLeftovers(statements: Statements, limit: number): Promise<Leftovers[]> {
  const rows = await statements.rows<{ id: string; output_id: string | null }>(Prisma.sql`
    SELECT a.id, j.output_id
    FROM (SELECT number, id, status, leftover_since_ms FROM artifact WHERE leftover_since_ms > 0
        ORDER BY leftover_since_ms LIMIT ${limit}) a
      LEFT JOIN job j ON j.artifact_number = a.number AND j.attempts > 0
        AND NOT ${isResult}
    ORDER BY a.leftover_since_ms, a.number, j.ordinal`)
  const byArtifact = new Map<string, ResourceId[]>()
  for (const { id, output_id } of rows) {
    const resourceIds = byArtifact.get(id) ?? []
    byArtifact.set(id, resourceIds)
    if (output_id !== null) resourceIds.push(output_id as ResourceId)
  }
  return [...byArtifact].map(([id, resourceIds]) => ({ artifactId: id as ArtifactId, resourceIds }))
}

export async function forgetLeftovers(statements: Statements, ids: readonly ArtifactId[]): Promise<void> {
  if (ids.length === 0) return
  await statements.run(Prisma.sql`
    DELETE FROM small_product WHERE output_id IN (
      SELECT j.output_id FROM artifact a JOIN job j ON j.artifact_number = a.number
      WHERE a.id IN (${Prisma.join([...ids])}) AND NOT ${isResult})`)
  await statements.run(Prisma.sql`UPDATE artifact SET leftover_since_ms = NULL WHERE id IN (${Prisma.join([...ids])})`)
}
