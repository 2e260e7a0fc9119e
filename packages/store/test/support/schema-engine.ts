import type { PrismaLibSql } from '@prisma/adapter-libsql'
import type { PrismaPg } from '@prisma/adapter-pg'

interface SchemaEngine {
  /** SQL that leads from the earlier migrations to the model, played in the empty database of the adapter. */
  differenceToModel(
    dialect: 'sqlite' | 'postgresql',
    migrations: readonly { readonly name: string; readonly sql: string }[],
    adapter: PrismaLibSql | PrismaPg,
  ): Promise<string>
}

/** The development script that writes migrations, with types. */
export const { differenceToModel }: SchemaEngine = await import(new URL('../../prisma/schema-engine.mjs', import.meta.url).href)
