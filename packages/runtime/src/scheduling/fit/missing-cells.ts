import type { Issue } from '@flotta/contract'
import { defaultMissing } from '../../ports/datasource-source.ts'
import type { DatasourceRecord } from '../../ports/store.ts'
import { groupBy } from './group-by.ts'
import { siteName } from './site-name.ts'

/**
 * Texts that mean at some sites that there is no value, and not at others: there such a cell is a value like any other. Whether one
 * occurs, only the owner sees.
 */
export function missingCellNotes(datasources: readonly DatasourceRecord[]): Issue[] {
  const sites = datasources
    .filter(({ metadata }) => metadata.problem === null)
    .map((datasource) => ({ site: siteName(datasource), cells: datasource.metadata.missingCells ?? defaultMissing }))
  const told = [...new Set(sites.flatMap(({ cells }) => cells))].flatMap((cell) => {
    const here = sites.filter(({ cells }) => cells.includes(cell)).map(({ site }) => site)
    const elsewhere = sites.filter(({ cells }) => !cells.includes(cell)).map(({ site }) => site)
    return cell === '' || elsewhere.length === 0 ? [] : [{ cell, where: `${here.join(', ')}; at ${elsewhere.join(', ')}` }]
  })
  return groupBy(told, ({ where }) => where).map((same) => {
    const cells = same.map(({ cell }) => JSON.stringify(cell)).join(', ')
    return { path: 'project', message: `a cell ${cells} means that there is no value at ${same[0]!.where} it would be a value` }
  })
}
