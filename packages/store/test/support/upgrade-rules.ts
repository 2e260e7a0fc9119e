import { readFileSync } from 'node:fs'
import type { ArtifactId, ComponentId, ProjectId } from '@flotta/contract'
import { expect, it } from 'vitest'
import { work } from '../../../runtime/src/testing/store-fixtures.ts'
import type { Database } from '../../src/database.ts'
import { type DatabaseLocation, openStore } from '../../src/index.ts'
import { knownMigrations } from '../../src/migrations.ts'
import { prepareSchema } from '../../src/postgresql/prepare-schema.ts'

const fixture = readFileSync(new URL('../fixtures/first-version.sql', import.meta.url), 'utf8')
const id = <T extends string>(prefix: string, name: string) => `${prefix}_${name.padEnd(26, '2')}` as T

/** What becomes of a database that the first version left, whatever came after it. */
export function upgradeRules(
  open: (location: DatabaseLocation) => Promise<Database>,
  fresh: () => Promise<{ readonly location: DatabaseLocation } & AsyncDisposable>,
): void {
  it('has all that the first version left, goes on with what it had begun, and takes the old token', async () => {
    await using place = await fresh()
    await leaveFirstVersion(await open(place.location))
    const store = await openStore({ database: place.location })
    try {
      const [study, ended, going] = [id<ProjectId>('prj', 'study'), id<ArtifactId>('art', 'ended'), id<ArtifactId>('art', 'open')]
      expect(await store.projects.findByTokenId('token')).toMatchObject({ id: study, name: 'study', state: 'active' })
      expect(await store.projects.isMember(study, id('cmp', 'anna'))).toBe(true)
      expect(await store.components.find(id('cmp', 'north'))).toMatchObject({ name: 'north', kind: 'client', state: 'active' })
      expect(await store.datasources.ofProject(study)).toMatchObject([{ metadata: { name: 'patients', records: 120 } }])
      expect(await store.artifacts.find(ended)).toMatchObject({ status: 'COMPLETED', result: { digest: 'd1', bytes: 42 } })
      expect((await store.artifacts.events(ended, 0)).map(({ artifactStatus }) => artifactStatus)).toEqual([
        'SCHEDULED',
        'COMPLETED',
      ])

      const south = await work(store, id<ComponentId>('cmp', 'south'))
      expect(south).toMatchObject({ artifactId: going, epoch: 1, operation: { kind: 'Estimate' } })
      const final = await work(store, id<ComponentId>('cmp', 'node'))
      expect(final.inputs.map(({ resourceId }) => resourceId)).toEqual([id('res', 'north'), id('res', 'south')])
      expect(final.operation).toEqual({ kind: 'Aggregation', strategy: 'merge' })
      expect(await store.artifacts.find(going)).toMatchObject({ status: 'COMPLETED', result: { id: id('res', 'final') } })
      expect((await store.artifacts.events(going, 0)).map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    } finally {
      await store[Symbol.asyncDispose]()
    }
  })
}

/** Makes what the first migration made, with the fixture's rows in it. */
export async function leaveFirstVersion(database: Database): Promise<void> {
  const [first] = await knownMigrations(database.dialect)
  const inserts = fixture
    .replaceAll(/^--.*$/gm, '')
    .split(/;$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
  await database.transaction(async (session) => {
    if (database.dialect.name === 'postgresql') await prepareSchema(session)
    for (const statement of [...first!.statements, ...inserts]) await session.$executeRawUnsafe(statement)
    await session.$executeRawUnsafe(
      'CREATE TABLE _migration (name TEXT NOT NULL PRIMARY KEY, checksum TEXT NOT NULL, applied_at_ms BIGINT NOT NULL)',
    )
    await session.$executeRawUnsafe(`INSERT INTO _migration VALUES ('${first!.name}', '${first!.checksum}', 0)`)
    if (database.dialect.name === 'postgresql')
      await session.$executeRawUnsafe(`SELECT setval(pg_get_serial_sequence('artifact', 'number'), 2)`)
  })
  await database.close()
}
