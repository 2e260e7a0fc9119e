import type { DatasourceRecord } from '../../ports/store.ts'

/** The name of a table for people: who holds it, and what he calls it. */
export function siteName({ component, metadata }: Pick<DatasourceRecord, 'component' | 'metadata'>): string {
  return `${component.name}/${metadata.name}`
}
