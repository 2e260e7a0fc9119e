import type { ComponentId } from '@flotta/contract'
import type { Database } from './database.ts'
import { Prisma } from './generated/sqlite/client.ts'

/** The node that a database remembers; the first one that asks, where there is none yet. */
export async function belongsTo(database: Database, nodeId: ComponentId): Promise<ComponentId> {
  return database.transaction(async (session) => {
    await session.$executeRaw(
      Prisma.sql`INSERT INTO own_node (id, component_id) VALUES (1, ${nodeId}) ON CONFLICT (id) DO NOTHING`,
    )
    const { componentId } = await session.ownNode.findUniqueOrThrow({ where: { id: 1 } })
    return componentId as ComponentId
  })
}
