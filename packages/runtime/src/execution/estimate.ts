import type { Estimate } from '@flotta/contract'
import { SiteRecords } from '../data/site-records.ts'
import type { TableCache } from '../data/table-cache.ts'
import type { ExecutionRequest } from '../ports/task-executor.ts'
import { requireEnoughRecords } from './disclosure.ts'
import type { Family, OfSites } from './estimators/family.ts'
import { withFamily } from './estimators/registry.ts'
import type { OperationResult } from './operation-result.ts'
import { encodeProduct } from './product.ts'

/** The mergeable summary of an estimator over the site's selected records. */
export async function estimate(operation: Estimate, request: ExecutionRequest, tables: TableCache): Promise<OperationResult> {
  const { estimator } = operation
  const state = await withFamily<Promise<unknown>>(estimator, (family) => summarise(family, operation, request, tables))
  return { product: encodeProduct({ kind: 'Summary', estimator, state }), metrics: null }
}

/**
 * What the site tells of its selected records.
 *
 * @throws {FlottaError} `disclosure_refused`
 */
export async function summarise<State extends OfSites>(
  family: Family<State>,
  { estimator, query }: Pick<Estimate, 'estimator' | 'query'>,
  { datasources, policy }: ExecutionRequest,
  tables: TableCache,
): Promise<State> {
  const records = await SiteRecords.select(datasources, query, tables)
  requireEnoughRecords(await records.count(), policy)
  return family.summarise(estimator, records, policy)
}
