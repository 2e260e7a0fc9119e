import { FlottaError } from '@flotta/contract'
import type { TableCache } from '../data/table-cache.ts'
import type { ExecutionOutcome, ExecutionRequest } from '../ports/task-executor.ts'
import { aggregate } from './aggregate.ts'
import { isMet } from './criterion.ts'
import { estimate } from './estimate.ts'
import { orFailed } from './failed-outcome.ts'
import { holdProduct } from './held-product.ts'
import type { OperationResult } from './operation-result.ts'
import { pass } from './pass.ts'
import { fitTransformers } from './preparation/fit-transformers.ts'
import { secureSum } from './secure-sum.ts'
import { trainTest } from './train-test.ts'

/** Runs one operation from its tables and inputs to its product; a failure is an outcome. */
export function runTask(request: ExecutionRequest, tables: TableCache): Promise<ExecutionOutcome> {
  return orFailed<ExecutionOutcome>(async () => {
    const { product, metrics } = await operate(request, tables)
    const stop = request.until !== undefined && (await isMet(request.until, product))
    return { kind: 'completed', product: await holdProduct(product, request.outputPath), metrics, stop }
  })
}

function operate(request: ExecutionRequest, tables: TableCache): Promise<OperationResult> {
  const { operation, inputs } = request
  switch (operation.kind) {
    case 'Estimate':
      return estimate(operation, request, tables)
    case 'Fit':
      return fitTransformers(operation, request, tables)
    case 'TrainTest':
      return trainTest(operation, request, tables)
    case 'Aggregation':
      return aggregate(operation, request)
    case 'Pass':
      return pass(inputs)
    case 'SecureSum':
      return secureSum(operation, request, tables)
    case 'Train':
    case 'Test':
    case 'CrossValidation':
      throw new FlottaError('unsupported_operation', `${operation.kind} is not implemented in this version.`)
    default:
      return operation satisfies never
  }
}
