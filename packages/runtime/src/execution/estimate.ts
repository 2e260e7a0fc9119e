import type { Estimate } from '@flotta/contract'
import { SiteRecords } from '../data/site-records.ts'
import type { TableCache } from '../data/table-cache.ts'
import type { ExecutionRequest } from '../ports/task-executor.ts'
import { requireEnoughRecords } from './disclosure.ts'
import { withFamily } from './estimators/registry.ts'
import type { OperationResult } from './operation-result.ts'
import { encodeProduct } from './product.ts'

/** The mergeable summary of an estimator over the site's selected records. */
export async function estimate(
  { estimator, query }: Estimate,
  { datasources, policy }: ExecutionRequest,
  tables: TableCache,
): Promise<OperationResult> {
  const records = await SiteRecords.select(datasources, query, tables)
  requireEnoughRecords(await records.count(), policy)
  const state = await withFamily(estimator, (family) => family.summarise(estimator, records, policy) as Promise<unknown>)
  return { product: encodeProduct({ kind: 'Summary', estimator, state }), metrics: null }
}
