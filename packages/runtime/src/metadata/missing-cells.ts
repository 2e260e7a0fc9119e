import { type DatasourceSource, defaultMissing } from '../ports/datasource-source.ts'

/**
 * What is told of the cells that mean that there is no value: nothing where they are the usual texts. A source that has a null of its
 * own has no such texts.
 */
export function publishedMissingCells(source: DatasourceSource): { missingCells?: string[] } {
  if (source.kind !== 'file' || (source.format !== 'csv' && source.format !== 'tsv')) return { missingCells: [] }
  const { missing = defaultMissing } = source
  const isUsual = missing.length === defaultMissing.length && missing.every((cell) => defaultMissing.includes(cell))
  return isUsual ? {} : { missingCells: [...missing] }
}
