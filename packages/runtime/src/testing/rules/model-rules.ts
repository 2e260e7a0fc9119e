import fc from 'fast-check'
import { it } from 'vitest'
import type { PlannedArtifact, PlannedJob, Store } from '../../ports/store.ts'
import { modelPlans } from '../model/plans.ts'
import { initialState, type ModelPlan } from '../model/scheduler-model.ts'
import { storeCommands } from '../model/store-commands.ts'
import { newId, newScene, plan, type Scene } from '../store-fixtures.ts'

/** Time limits of the model are over when they are looked for. */
const TIMEOUT_MS = 1

export function modelRules(store: () => Store): void {
  it.each(Object.entries(modelPlans))(
    'whatever is asked in whatever order, it is what the model foresees: %s',
    async (_, model) => {
      await fc.assert(
        fc.asyncProperty(storeCommands(), async (commands) => {
          const scene = await newScene(store(), 2)
          const planned = plannedFrom(model, scene)
          await store().artifacts.create(planned)
          const setup = () => ({
            model: { plan: model, state: initialState(model), leases: [] },
            real: { store: store(), scene, planned, claimed: [] },
          })
          await fc.asyncModelRun(setup, commands)
        }),
        // A failure names its seed and path; shrinking would take minutes.
        { numRuns: 10, endOnFailure: true },
      )
    },
  )
}

function plannedFrom({ jobs, barriers, maxAttempts }: ModelPlan, scene: Scene): PlannedArtifact {
  const planned = jobs.map(
    ({ doer, waitsFor, feeds }, ordinal): PlannedJob => ({
      id: newId('job'),
      ordinal,
      stepIndex: ordinal,
      componentId: scene.sites[doer]!,
      operation: { kind: 'Pass' },
      waitsFor,
      feeds,
      uses: [],
      outputId: newId('res'),
      recipientIds: [scene.researcher],
      released: ordinal === jobs.length - 1,
      until: undefined,
    }),
  )
  return {
    ...plan(scene, { maxAttempts }),
    jobs: planned,
    barriers: barriers.map(({ needed, patient }, index) => ({ index, needed, timeoutMs: patient ? TIMEOUT_MS : undefined })),
  }
}
