import type { DatasourceMetadata } from '@flotta/contract'
import type { DescribeOutcome } from '../ports/task-executor.ts'
import type { LargeTable } from './describe-table.ts'
import type { FailedOutcome } from './failed-outcome.ts'

/** What the processes of a pool are asked. */
export interface DescribingProcesses {
  readonly count: number
  unlessLarge(): Promise<DescribeOutcome | LargeTable>
  /** Of all columns unless told. */
  describe(columns?: readonly string[]): Promise<DescribeOutcome>
}

/**
 * What is published of a table. The columns of a large one are dealt out to all processes, since nothing that is told of one depends on another. Where the
 * source has changed in between, so that the parts don't fit together, one process describes all.
 */
export async function describeByParts(processes: DescribingProcesses): Promise<DescribeOutcome> {
  if (processes.count === 1) return processes.describe()
  const whole = await processes.unlessLarge()
  if (whole.kind !== 'large') return whole
  const { columns } = whole
  const shares = Array.from({ length: Math.min(processes.count, columns.length) }, (_, index) =>
    columns.filter((_, place) => place % processes.count === index),
  )
  const parts = await Promise.all(shares.map((share) => processes.describe(share)))
  const failure = parts.find((part): part is FailedOutcome => part.kind === 'failed')
  if (failure !== undefined) return failure
  const metadata = joined(
    columns,
    parts.flatMap((part) => (part.kind === 'described' ? [part.metadata] : [])),
  )
  return metadata === undefined ? processes.describe() : { kind: 'described', metadata }
}

/** Undefined where the parts are not of the same table. */
function joined(columns: readonly string[], parts: readonly DatasourceMetadata[]): DatasourceMetadata | undefined {
  const [first] = parts
  const features = new Map(parts.flatMap((part) => part.features.map((feature) => [feature.name, feature])))
  if (first === undefined || parts.some(({ records }) => records !== first.records) || features.size !== columns.length)
    return undefined
  return { ...first, features: columns.map((name) => features.get(name)!) }
}
