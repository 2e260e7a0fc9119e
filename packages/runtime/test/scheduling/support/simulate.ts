import type { PlannedArtifact, PlannedJob } from '../../../src/ports/store.ts'

export interface Simulated {
  readonly status: readonly ('COMPLETED' | 'SKIPPED' | 'WAITING')[]
  /** The released job that completed. */
  readonly result: PlannedJob | undefined
  /** What each completed job was given: ordinals, in the order of the inputs. */
  readonly inputs: ReadonlyMap<number, readonly number[]>
}

/**
 * Runs a plan as a store and its workers would, without either.
 *
 * @param choose picks one of several ready jobs
 * @param stops whether rounds end with this job
 */
export function simulate(
  { jobs, barriers }: PlannedArtifact,
  choose: (ready: number) => number,
  stops: (job: PlannedJob) => boolean,
): Simulated {
  const status: ('COMPLETED' | 'SKIPPED' | 'WAITING')[] = jobs.map(() => 'WAITING')
  const fed = new Map<number, number[]>()
  const inputs = new Map<number, readonly number[]>()
  const byOutput = new Map(jobs.map((job) => [job.outputId, job]))
  const waiting = new Map<number, PlannedJob[]>()
  for (const job of jobs) if (job.waitsFor !== undefined) waiting.set(job.waitsFor, [...(waiting.get(job.waitsFor) ?? []), job])
  const ready = jobs.filter(({ waitsFor }) => waitsFor === undefined)
  let result: PlannedJob | undefined
  while (ready.length > 0) {
    const [job] = ready.splice(choose(ready.length) % ready.length, 1)
    if (job === undefined) break
    for (const id of [...job.uses, ...(job.until ? [job.until.previous] : [])]) {
      const used = byOutput.get(id)
      if (used === undefined || status[used.ordinal] !== 'COMPLETED') throw new Error(`job ${job.ordinal} uses what is not there`)
    }
    inputs.set(
      job.ordinal,
      [...(fed.get(job.waitsFor ?? -1) ?? [])].sort((a, b) => a - b),
    )
    status[job.ordinal] = 'COMPLETED'
    const stop = job.until && stops(job) ? job.until : undefined
    if (stop) for (let ordinal = stop.skipFrom; ordinal <= stop.skipTo; ordinal++) status[ordinal] = 'SKIPPED'
    if ((stop ?? job).released) result = job
    const { feeds } = stop ?? job
    if (feeds === undefined) continue
    const arrived = [...(fed.get(feeds) ?? []), job.ordinal]
    fed.set(feeds, arrived)
    if (arrived.length === barriers[feeds]?.needed) ready.push(...(waiting.get(feeds) ?? []))
  }
  return { status, result, inputs }
}
