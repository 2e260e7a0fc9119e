import type { Operation } from '@flotta/contract'

/** What planning must know of an operation. */
export interface OperationTraits {
  readonly doneAt: 'sites' | 'node' | 'anywhere'
  /** Whether it uses what the jobs before it produced. */
  readonly takesInput: boolean
  /**
   * Who may see its product. `private`: it tells of one site's records; the node alone may get it, to combine it with others, and
   * no other site ever does. `shared`: it may go to all who take part. `as given`: as what it took.
   */
  readonly product: 'private' | 'shared' | 'as given'
}

export function traitsOf(operation: Operation): OperationTraits {
  switch (operation.kind) {
    case 'Estimate':
    case 'Train':
    case 'TrainTest':
    case 'Fit':
    case 'CrossValidation':
      return { doneAt: 'sites', takesInput: false, product: 'private' }
    case 'Test':
      return { doneAt: 'sites', takesInput: true, product: 'private' }
    case 'Aggregation':
      return { doneAt: 'node', takesInput: true, product: 'shared' }
    case 'Pass':
      return { doneAt: 'anywhere', takesInput: true, product: 'as given' }
    default:
      return operation satisfies never
  }
}
