import type { Issue, Step } from '@flotta/contract'

/** Most jobs of one artifact: all of them are written in one transaction. */
export const MAX_JOBS = 50_000
/** Deepest nesting of Iterate. */
const MAX_NESTING = 4

/** Why a plan is too large; found by counting, before anything of its size is made. */
export function sizeProblems(steps: readonly Step[], workers: number): Issue[] {
  if (nesting(steps) > MAX_NESTING) return [{ path: 'steps', message: `an Iterate stands at most ${MAX_NESTING} deep` }]
  const jobs = countJobs(steps, workers)
  if (jobs <= MAX_JOBS) return []
  const message = `the plan has ${jobs} jobs for ${workers} workers; one artifact has at most ${MAX_JOBS}`
  return [{ path: 'steps', message }]
}

function nesting(steps: readonly Step[]): number {
  return Math.max(0, ...steps.map((step) => (step.kind === 'Iterate' ? 1 + nesting(step.steps) : 0)))
}

/** How many jobs a plan has. */
export function countJobs(steps: readonly Step[], workers: number): number {
  return steps.reduce((sum, step) => sum + jobsOfStep(step, workers), 0)
}

function jobsOfStep(step: Step, workers: number): number {
  switch (step.kind) {
    case 'Initialize':
    case 'Finalize':
      return 1
    case 'Parallel':
    case 'Sequential':
      return workers
    case 'SecureSum':
      return workers + 2
    case 'RoundRobin':
      return workers * workers
    case 'Iterate':
      return step.rounds * countJobs(step.steps, workers)
    default:
      return step satisfies never
  }
}
