import { describe, expect, it } from 'vitest'
import {
  type ArtifactTransition,
  artifactStatuses,
  artifactTransitions,
  isTerminalArtifact,
  isTerminalJob,
  type JobTransition,
  jobStatesBefore,
  jobStatuses,
  jobTransitions,
} from '../src/index.ts'

const terminalJobs = ['COMPLETED', 'FAILED', 'CANCELLED', 'SKIPPED']
const terminalArtifacts = ['COMPLETED', 'FAILED', 'CANCELLED']

describe('state machines', () => {
  it('terminal job states are terminal: no event changes them (E3)', () => {
    expect(jobStatuses.filter(isTerminalJob)).toEqual(terminalJobs)
  })

  it('terminal artifact states are terminal: no event changes them (E3)', () => {
    expect(artifactStatuses.filter(isTerminalArtifact)).toEqual(terminalArtifacts)
  })

  it('only a running job can be completed, and only a ready one claimed (E14)', () => {
    expect(jobStatesBefore('complete')).toEqual(['RUNNING'])
    expect(jobStatesBefore('claim')).toEqual(['READY'])
  })

  it('every state that is not terminal can reach a terminal one, so nothing accepted is stuck by design', () => {
    for (const start of jobStatuses) {
      const reached = reachable(start, (status) => Object.values(jobTransitions[status]).filter((next) => next !== null))
      expect(terminalJobs.some((status) => reached.has(status as (typeof jobStatuses)[number]))).toBe(true)
    }
    for (const start of artifactStatuses) {
      const reached = reachable(start, (status) => Object.values(artifactTransitions[status]).filter((next) => next !== null))
      expect(terminalArtifacts.some((status) => reached.has(status as (typeof artifactStatuses)[number]))).toBe(true)
    }
  })

  it('every live job can be cancelled, so a failed artifact leaves nothing running', () => {
    const live = jobStatuses.filter((status) => !isTerminalJob(status))
    expect(jobStatesBefore('cancel').sort()).toEqual([...live].sort())
  })

  it('every state has an entry for every event', () => {
    const jobEvents: JobTransition[] = ['open', 'claim', 'complete', 'release', 'fail', 'cancel', 'skip']
    for (const status of jobStatuses) expect(Object.keys(jobTransitions[status]).sort()).toEqual([...jobEvents].sort())
    const artifactEvents: ArtifactTransition[] = ['start', 'complete', 'fail', 'cancel']
    for (const status of artifactStatuses)
      expect(Object.keys(artifactTransitions[status]).sort()).toEqual([...artifactEvents].sort())
  })
})

function reachable<State>(start: State, next: (state: State) => State[]): Set<State> {
  const seen = new Set([start])
  for (const state of seen) for (const following of next(state)) seen.add(following)
  return seen
}
