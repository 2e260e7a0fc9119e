import { existsSync, statSync } from 'node:fs'
import { FlottaError } from '@flotta/contract'
import type { DatasourceSource } from '../ports/datasource-source.ts'
import { canonicalise } from './canonical-types.ts'
import type { ColumnCache } from './column-cache.ts'
import { Engine, type EngineLimits } from './engine.ts'
import { isGzip, readStart } from './sources/file-start.ts'
import { loadSource } from './sources/load-source.ts'
import { parquetTableBytes } from './sources/parquet-size.ts'
import { isStorable, removeStoredTable, storedTablePath, TableDraft } from './stored-table.ts'
import { Table, type TablePlace } from './table.ts'
import { tallyStored } from './tally-stored.ts'

/** Where tables are kept, and what they may take. */
export interface TableSettings extends EngineLimits {
  /** Folder of the files that sources are converted to; without one a source is read into memory, in each process anew. */
  readonly folder?: string | undefined
  /** Most memory for columns that stay between jobs, beside that of the engine. */
  readonly columnsMb?: number | undefined
}

/**
 * Opens a source: the file that it was converted to, where there is one. Else it is read: a small one into memory, so that it answers at
 * once and is stored between jobs ({@link Table.keep}); a large one straight into the file, which gets its tallies between jobs.
 *
 * @throws {FlottaError} `datasource_unavailable`, `malformed_datasource`, `out_of_memory`
 */
export async function openTable(source: DatasourceSource, settings: TableSettings = {}, columns?: ColumnCache): Promise<Table> {
  const { folder } = settings
  if (folder === undefined || !isStorable(source)) return intoMemory(source, settings, { columns })
  const path = storedTablePath(folder, source)
  if (!existsSync(path)) return openNew(source, folder, settings, columns)
  try {
    return await openStored(source, folder, path, settings, columns)
  } catch (error) {
    if (error instanceof FlottaError) throw error
    // It is damaged, and made anew; damage within it shows when a query meets it.
    removeStoredTable(folder, source)
    return openNew(source, folder, settings, columns)
  }
}

async function openNew(source: DatasourceSource, folder: string, settings: EngineLimits, columns?: ColumnCache): Promise<Table> {
  const draft = new TableDraft(folder, source)
  try {
    if (await isSmall(source, settings)) return await intoMemory(source, settings, { draft, columns })
    await intoFile(source, draft.path, settings)
    return await openStored(source, folder, draft.finish(), settings, columns)
  } catch (error) {
    draft.discard()
    throw error
  }
}

async function intoMemory(source: DatasourceSource, limits: EngineLimits, place: TablePlace): Promise<Table> {
  return closedOnError(await Engine.open('memory', limits), async (engine) => {
    await loadSource(engine.connection, source, limits)
    await canonicalise(engine.connection)
    if (place.draft !== undefined) await engine.attach(place.draft.path)
    return Table.over(engine, { ...place, declared: declaredIn(source) })
  })
}

async function intoFile(source: DatasourceSource, path: string, limits: EngineLimits): Promise<void> {
  using engine = await Engine.open({ path, mode: 'create' }, limits)
  await loadSource(engine.connection, source, limits)
  await canonicalise(engine.connection)
  await engine.connection.run('CHECKPOINT')
}

async function openStored(
  source: DatasourceSource,
  folder: string,
  path: string,
  limits: EngineLimits,
  columns?: ColumnCache,
): Promise<Table> {
  const { ino } = statSync(path)
  const tally = () => tallyStored(path, ino, new TableDraft(folder, source), limits)
  const place = { path, columns, tally, declared: declaredIn(source) }
  return closedOnError(await Engine.open({ path, mode: 'read' }, limits), (engine) => Table.over(engine, place))
}

function declaredIn({ features = [] }: DatasourceSource): string[] {
  return features.flatMap(({ feature, type, categories }) => (type !== undefined || categories.length > 0 ? [feature] : []))
}

/** Text of one digit a cell takes four times as much in memory; so half of the engine's memory holds it at the most. */
const SMALL_SHARE_OF_TEXT = 1 / 8
const SMALL_SHARE = 1 / 2

/** Whether the memory of the engine holds the source. What is compressed may be of any size, but where it says itself. */
async function isSmall(source: DatasourceSource, { memoryMb = Number.POSITIVE_INFINITY }: EngineLimits): Promise<boolean> {
  const memoryBytes = memoryMb * 2 ** 20
  if (source.kind !== 'file' || isGzip(readStart(source.path, 2))) return false
  if (source.format === 'parquet') return (await parquetTableBytes(source.path)) <= memoryBytes * SMALL_SHARE
  return statSync(source.path).size <= memoryBytes * SMALL_SHARE_OF_TEXT
}

async function closedOnError<T>(engine: Engine, use: (engine: Engine) => Promise<T>): Promise<T> {
  try {
    return await use(engine)
  } catch (error) {
    engine[Symbol.dispose]()
    throw error
  }
}
