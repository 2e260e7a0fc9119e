import type { Config } from '../config/config.ts'
import type { ConfigProblem } from '../config-error.ts'
import { type Path, pathText } from '../layers/layers.ts'
import type { ResolvedValue } from '../reading/read-section.ts'

/** A value that the interface describes and this version does not run. */
interface Unavailable {
  /** A key, or a section of keys; `*` stands for any item. */
  readonly path: string
  /** The values that are refused; absent: whatever is set. */
  readonly values?: readonly unknown[]
  /** The modes in which they are refused; absent: all. */
  readonly modes?: readonly Config['mode'][]
  /** What is expected for now. */
  readonly expected: string
  /** What is not available. */
  readonly what: string
}

/** The one table of what is not available. Whoever makes a value work takes its row out. */
const unavailable: readonly Unavailable[] = [
  { path: 'execution.engine', values: ['bullmq'], expected: 'local', what: 'bullmq' },
  { path: 'execution.queue', expected: 'nothing', what: 'execution.queue' },
]

/** A problem for each value that this version does not run; of a section that is refused as a whole, one. */
export function unavailableValues(mode: Config['mode'], resolved: readonly ResolvedValue[]): ConfigProblem[] {
  const set = resolved.filter(({ origin }) => origin !== 'default')
  return unavailable.flatMap((row) => {
    if (row.modes && !row.modes.includes(mode)) return []
    const found = set.filter(({ path, value }) => covers(row.path, path) && (row.values?.includes(value) ?? true))
    return firstOfEach(found, row.path.split('.').length).map(({ path, value, source }) => ({
      source,
      path: pathText(path),
      found: row.values === undefined ? 'a value' : JSON.stringify(value),
      expected: `expected ${row.expected}; ${row.what} is not available in this version`,
    }))
  })
}

function covers(pattern: string, path: Path): boolean {
  return pattern.split('.').every((part, index) => part === '*' || part === path[index])
}

/** Values whose paths differ in their first `depth` parts. */
function firstOfEach(values: readonly ResolvedValue[], depth: number): ResolvedValue[] {
  const byStart = new Map<string, ResolvedValue>()
  for (const value of values) {
    const start = pathText(value.path.slice(0, depth))
    if (!byStart.has(start)) byStart.set(start, value)
  }
  return [...byStart.values()]
}
