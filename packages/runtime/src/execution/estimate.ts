import { countSummary, createFrame, meanSummary } from '@flotta/algorithms'
import { type Estimate, FlottaError } from '@flotta/contract'
import { SiteRecords } from '../data/site-records.ts'
import type { TableCache } from '../data/table-cache.ts'
import type { ExecutionRequest } from '../ports/task-executor.ts'
import { requireEnoughRecords } from './disclosure.ts'
import type { OperationResult } from './operation-result.ts'
import { encodeProduct, type SummaryProduct } from './product.ts'

/** The mergeable summary of an estimator over the site's selected records. */
export async function estimate(
  { estimator, query }: Estimate,
  { datasources, policy }: ExecutionRequest,
  tables: TableCache,
): Promise<OperationResult> {
  const records = await SiteRecords.select(datasources, query, tables)
  requireEnoughRecords(await records.count(), policy)
  return { product: encodeProduct(await summaryOf(estimator, records)), metrics: null }
}

async function summaryOf(estimator: Estimate['estimator'], records: SiteRecords): Promise<SummaryProduct> {
  switch (estimator.kind) {
    case 'Count': {
      const { records: counted } = countSummary.add(countSummary.init(), {
        ...createFrame([], []),
        rowCount: await records.count(),
      })
      return { kind: 'CountSummary', state: { records: counted } }
    }
    case 'Mean': {
      const { columns } = meanSummary.add(meanSummary.init(), await records.frame(estimator.features))
      return { kind: 'MeanSummary', state: { columns: [...columns] } }
    }
    default:
      throw new FlottaError('unsupported_operation', `${estimator.kind} is not implemented in this version.`)
  }
}
