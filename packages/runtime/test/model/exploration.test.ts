import { isTerminalArtifact, isTerminalJob } from '@flotta/contract'
import { beforeAll, describe, expect, it } from 'vitest'
import { modelPlans } from '../../src/testing/model/plans.ts'
import type { ModelPlan } from '../../src/testing/model/scheduler-model.ts'
import { beginning, keyOf, type Move, moves, type World } from './world.ts'

interface Edge {
  readonly from: World
  readonly move: Move
}

/** Every world that can come about, and everything that can happen in each: by breadth, so that a breach is shown at its shortest. */
function explore(plan: ModelPlan) {
  const worlds = new Map<string, World>([[keyOf(beginning(plan)), beginning(plan)]])
  const before = new Map<string, string[]>()
  const breaches = new Map<string, string>()
  for (const [key, from] of worlds) {
    for (const move of moves(plan, from)) {
      const next = keyOf(move.to)
      if (!worlds.has(next)) worlds.set(next, move.to)
      const sources = before.get(next)
      if (sources) sources.push(key)
      else before.set(next, [key])
      for (const [invariant, holds] of Object.entries(invariants)) {
        if (!breaches.has(invariant) && !holds(plan, { from, move })) breaches.set(invariant, `${key} —${move.name}→ ${next}`)
      }
    }
  }
  return { worlds, before, breaches }
}

const invariants: Readonly<Record<string, (plan: ModelPlan, edge: Edge) => boolean>> = {
  'only the last lease of a running job commits, and once': (_, { from, move }) =>
    move.to.state.jobs.every(({ status, digest }, job) => {
      const was = from.state.jobs[job]!
      if (status !== 'COMPLETED' || was.status === 'COMPLETED') return was.digest === digest
      return was.status === 'RUNNING' && digest === `digest of ${job} under ${was.epoch}`
    }),
  'nobody begins before the barrier that he waits for has what it needs': (plan, { move }) =>
    move.to.state.jobs.every(({ status }, job) => {
      const { waitsFor } = plan.jobs[job]!
      if (waitsFor === undefined || status === 'WAITING' || status === 'CANCELLED' || status === 'SKIPPED') return true
      return move.to.state.barriers[waitsFor]!.arrived >= plan.barriers[waitsFor]!.needed
    }),
  'what has ended stays as it ended': (_, { from, move }) =>
    (!isTerminalArtifact(from.state.artifact) || move.to.state.artifact === from.state.artifact) &&
    from.state.jobs.every((was, job) => !isTerminalJob(was.status) || move.to.state.jobs[job]!.status === was.status),
  'an artifact that has ended has no live job, and completes only when the last job completed': (_, { move }) => {
    const { artifact, jobs } = move.to.state
    if (!isTerminalArtifact(artifact)) return jobs.some(({ status }) => !isTerminalJob(status))
    if (!jobs.every(({ status }) => isTerminalJob(status))) return false
    return artifact !== 'COMPLETED' || jobs.at(-1)?.status === 'COMPLETED'
  },
  'a job has at most as many attempts as it may': (plan, { move }) =>
    move.to.state.jobs.every(({ epoch }) => epoch <= plan.maxAttempts),
}

describe.each(Object.entries(modelPlans))('every order of crashes, lapses, duplicates and late messages: %s', (_, plan) => {
  let explored: ReturnType<typeof explore>
  beforeAll(() => {
    explored = explore(plan)
  })

  it.each(Object.keys(invariants))('%s', (invariant) => {
    expect(explored.breaches.get(invariant)).toBeUndefined()
  })

  it('whatever has happened, the artifact can still end; and it ends in each of the three ways', () => {
    const { worlds, before } = explored
    const ends = [...worlds].filter(([, { state }]) => isTerminalArtifact(state.artifact))
    const leading = new Set(ends.map(([key]) => key))
    for (const key of leading) for (const source of before.get(key) ?? []) leading.add(source)
    expect(leading.size).toBe(worlds.size)
    expect(new Set(ends.map(([, { state }]) => state.artifact))).toEqual(new Set(['COMPLETED', 'FAILED', 'CANCELLED']))
    // An exploration that went nowhere would prove nothing.
    expect(worlds.size).toBeGreaterThan(500)
  })
})
