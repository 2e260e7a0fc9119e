import type { Listed, Page } from '@flotta/runtime/ports'
import { Prisma } from '../generated/sqlite/client.ts'

/** Conditions that all hold; those that are undefined are left out. */
export function where(conditions: readonly (Prisma.Sql | undefined)[]): Prisma.Sql {
  const given = conditions.filter((condition) => condition !== undefined)
  return given.length === 0 ? Prisma.empty : Prisma.sql`WHERE ${Prisma.join(given, ' AND ')}`
}

/** `column = value` where there is a value. */
export function equals(column: Prisma.Sql, value: string | undefined): Prisma.Sql | undefined {
  return value === undefined ? undefined : Prisma.sql`${column} = ${value}`
}

/** One row more than asked for tells whether there are more. */
export function listed<Row, T>(
  rows: readonly Row[],
  { limit }: Page,
  item: (row: Row) => T,
  cursor: (row: Row) => string,
): Listed<T> {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return { items: shown.map(item), next: rows.length > limit && last !== undefined ? cursor(last) : undefined }
}

/** The place of a job in the order of lists: number of its artifact, and ordinal. Anything else than a cursor of ours begins anew. */
export function parsePlace(after: string | undefined): { readonly number: number; readonly ordinal: number } | undefined {
  const match = /^(\d{1,15})\.(\d{1,9})$/.exec(after ?? '')
  return match === null ? undefined : { number: Number(match[1]), ordinal: Number(match[2]) }
}
