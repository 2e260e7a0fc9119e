import type { Distribution, Estimate, Levels, Operation, PlainStep, Step } from '@flotta/contract'

export const pass: Operation = { kind: 'Pass' }
export const count: Estimate = { kind: 'Estimate', estimator: { kind: 'Count' }, query: { kind: 'Query', stages: [] } }
export const merge: Operation = { kind: 'Aggregation', strategy: 'merge' }

type Kind = Distribution['kind']
const travelling = (kind: Kind | undefined) => (kind ? { distribution: { kind } } : {})

export const initialize = (kind?: Kind, operation: Operation = pass): PlainStep => ({
  kind: 'Initialize',
  operation,
  ...travelling(kind),
})
export const parallel = (kind: Kind, operation: Operation = pass): PlainStep & { kind: 'Parallel' } => ({
  kind: 'Parallel',
  operation,
  distribution: { kind },
})
export const sequential = (kind?: Kind, operation: Operation = pass): PlainStep => ({
  kind: 'Sequential',
  operation,
  ...travelling(kind),
})
export const roundRobin = (kind?: Kind, operation: Operation = pass): PlainStep => ({
  kind: 'RoundRobin',
  operation,
  ...travelling(kind),
})
export const secureSum = (operation: Estimate = count, levels: Levels = []): PlainStep & { kind: 'SecureSum' } => ({
  kind: 'SecureSum',
  operation,
  levels,
})
export const finalize = (operation: Operation = pass): PlainStep & { kind: 'Finalize' } => ({ kind: 'Finalize', operation })
export const iterate = (rounds: number, steps: Step[], options: { kind?: Kind; tolerance?: number } = {}): Step => ({
  kind: 'Iterate',
  rounds,
  steps,
  ...travelling(options.kind),
  ...(options.tolerance ? { until: { kind: 'Converged', tolerance: options.tolerance } } : {}),
})
