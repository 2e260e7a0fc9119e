import type { PrismaClientOptions } from '../src/generated/sqlite/internal/prismaNamespace.ts'

/** SQL that leads from the earlier migrations to the model, played in the empty database of the adapter. */
export function differenceToModel(
  dialect: 'sqlite' | 'postgresql',
  migrations: readonly { readonly name: string; readonly sql: string }[],
  adapter: Exclude<PrismaClientOptions['adapter'], undefined>,
): Promise<string>
