import type { Estimate, Query } from '@flotta/contract'
import { SiteRecords } from '../data/site-records.ts'
import type { TableCache } from '../data/table-cache.ts'
import type { ExecutionRequest } from '../ports/task-executor.ts'
import { requireEnoughRecords } from './disclosure.ts'
import { withFamily } from './estimators/registry.ts'
import type { OperationResult } from './operation-result.ts'
import { encodeProduct } from './product.ts'

/** The mergeable summary of an estimator over the site's selected records. */
export async function estimate(operation: Estimate, request: ExecutionRequest, tables: TableCache): Promise<OperationResult> {
  const { estimator, query } = operation
  const records = await selectEnough(query, request, tables)
  const state = await withFamily<Promise<unknown>>(estimator, (family) => family.summarise(estimator, records, request.policy))
  return { product: encodeProduct({ kind: 'Summary', estimator, state }), metrics: null }
}

/**
 * The site's selected records, which are as many as it tells of.
 *
 * @throws {FlottaError} `disclosure_refused`
 */
export async function selectEnough(
  query: Query,
  { datasources, policy }: ExecutionRequest,
  tables: TableCache,
): Promise<SiteRecords> {
  const records = await SiteRecords.select(datasources, query, tables)
  requireEnoughRecords(await records.count(), policy)
  return records
}
