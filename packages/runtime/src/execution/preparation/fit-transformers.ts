import { roundStatistics } from '@flotta/algorithms'
import type { Fit } from '@flotta/contract'
import type { TableCache } from '../../data/table-cache.ts'
import type { ExecutionRequest } from '../../ports/task-executor.ts'
import type { OperationResult } from '../operation-result.ts'
import { encodeFitStatistics, readFitted } from './fit-products.ts'
import { trainingRecords } from './training-records.ts'

/** What the site tells of its training records so that the transformers of a round can be fitted over all sites. */
export async function fitTransformers(operation: Fit, request: ExecutionRequest, tables: TableCache): Promise<OperationResult> {
  const { frame, split, transformers } = await trainingRecords(operation, request, tables)
  const fitted = await readFitted(request.used, transformers)
  const records = { transformers, fitted, frame, train: split.train }
  const statistics = roundStatistics(records, operation.round, { minimumCell: request.policy.minimumCell })
  const product = encodeFitStatistics(
    [...statistics].map(([place, features]) => ({ place, transformer: transformers[place]!, features })),
  )
  return { product, metrics: null }
}
