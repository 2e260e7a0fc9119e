import { type Artifact, type Issue, MIN_SECURE_SUM_SITES, type PlainStep } from '@flotta/contract'
import { plainSteps } from './plain-steps.ts'
import type { Stage } from './unroll.ts'

/** How many of those who do a step must complete it, and how long all of them are waited for. */
export interface Quorum {
  readonly needed: number
  readonly timeoutMs: number | undefined
}

/** All of them, without a time limit, unless the step says otherwise. Where one follows the other, each is the only doer of its turn. */
export function quorumOf(step: PlainStep, doers: number): Quorum {
  const timeoutS = 'timeoutS' in step ? step.timeoutS : undefined
  const needed = 'minWorkers' in step ? (step.minWorkers ?? doers) : doers
  return { needed, timeoutMs: timeoutS === undefined ? undefined : timeoutS * 1000 }
}

/** Those who go on each by itself have nobody to go on without. */
export function quorumProblems({ step, path, distribution }: Stage): Issue[] {
  if (step.kind !== 'Parallel' || (step.minWorkers === undefined && step.timeoutS === undefined)) return []
  return distribution === 'Collect' || distribution === 'Distribute'
    ? []
    : [
        {
          path: `${path}.distribution`,
          message: 'minWorkers and timeoutS need a place where all products meet: Collect or Distribute',
        },
      ]
}

/** Quorums that the workers of a project can never make. */
export function unreachableQuorums({ steps }: Artifact, workers: number): Issue[] {
  return plainSteps(steps).flatMap(({ step, path }) =>
    step.kind === 'Parallel' && (step.minWorkers ?? 0) > workers
      ? [
          {
            path: `${path}.minWorkers`,
            message: `${step.minWorkers} workers must complete the step; ${workers} offer data to the project`,
          },
        ]
      : [],
  )
}

/** Secure sums over so few workers that the total would tell one of them what another added. */
export function secureSumsOfTooFew({ steps }: Artifact, workers: number): Issue[] {
  if (workers >= MIN_SECURE_SUM_SITES) return []
  const message = `a secure sum needs ${MIN_SECURE_SUM_SITES} workers at least, for of fewer the sum tells one of them what another added; ${workers} offer data to the project`
  return plainSteps(steps).flatMap(({ step, path }) => (step.kind === 'SecureSum' ? [{ path, message }] : []))
}
